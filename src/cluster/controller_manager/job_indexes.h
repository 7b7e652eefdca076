// A set of completion indexes, kept and written as Jobs write it: "0,2-4,7".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::cluster {

class IndexSet {
 public:
  // What of the text lies below `completions`; parts that are no numbers are left out.
  // Source: parseIndexesFromString of pkg/controller/job/indexed_job_utils.go.
  [[nodiscard]] static IndexSet parse(std::string_view text, std::int64_t completions);

  void insert(std::int64_t index) { insert({index, index}); }
  void insert(const IndexSet& other);

  [[nodiscard]] bool contains(std::int64_t index) const;
  [[nodiscard]] std::int64_t size() const;
  [[nodiscard]] bool empty() const { return intervals_.empty(); }
  // How many are in both.
  [[nodiscard]] std::int64_t common(const IndexSet& other) const;
  // The first `count` indexes below `completions` that are not in the set.
  [[nodiscard]] std::vector<std::int64_t> first_missing(std::int64_t count,
                                                        std::int64_t completions) const;
  [[nodiscard]] std::string to_text() const;

 private:
  struct Interval {
    std::int64_t first = 0;
    std::int64_t last = 0;
  };
  void insert(Interval added);

  std::vector<Interval> intervals_;  // in order, with gaps between them
};

}  // namespace wavetank::cluster
