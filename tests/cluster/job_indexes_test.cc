// Sets of completion indexes, compared with plain sets.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <set>

#include "cluster/controller_manager/job_indexes.h"

namespace wavetank::cluster {
namespace {

TEST_CASE("two neighbours are listed, three are a range") {
  CHECK(IndexSet::parse("0,1,3,4,5,9", 10).to_text() == "0,1,3-5,9");
}

TEST_CASE("indexes beyond the completions are cut off") {
  CHECK(IndexSet::parse("0-7,9", 5).to_text() == "0-4");
}

TEST_CASE("parts that are no indexes are left out") {
  CHECK(IndexSet::parse("1,x,3-y,5", 10).to_text() == "1,5");
}

TEST_CASE("a set of indexes holds what is put into it") {
  rc::prop("as a plain set does",
           [](const std::vector<std::uint8_t>& put, const std::vector<std::uint8_t>& other) {
             IndexSet set;
             IndexSet more;
             std::set<std::int64_t> plain;
             std::set<std::int64_t> plain_more;
             for (const std::uint8_t index : put) {
               set.insert(index);
               plain.insert(index);
             }
             for (const std::uint8_t index : other) {
               more.insert(index);
               plain_more.insert(index);
             }
             std::int64_t common = 0;
             for (const std::int64_t index : plain_more) common += plain.contains(index) ? 1 : 0;
             RC_ASSERT(set.common(more) == common);
             set.insert(more);
             plain.insert(plain_more.begin(), plain_more.end());
             RC_ASSERT(set.size() == static_cast<std::int64_t>(plain.size()));
             std::vector<std::int64_t> missing;
             for (std::int64_t index = 0; index < 300; ++index) {
               RC_ASSERT(set.contains(index) == plain.contains(index));
               if (!plain.contains(index) && missing.size() < 7) missing.push_back(index);
             }
             RC_ASSERT(set.first_missing(7, 300) == missing);
             RC_ASSERT(IndexSet::parse(set.to_text(), 300).to_text() == set.to_text());
           });
}

}  // namespace
}  // namespace wavetank::cluster
