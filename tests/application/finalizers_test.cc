#include "application/finalizers.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

namespace wavetank::application {
namespace {

using Names = std::vector<std::string>;

const std::string kForeground = "resources-finalizer.argocd.argoproj.io";
const std::string kBackground = "resources-finalizer.argocd.argoproj.io/background";
const std::string kPre = "pre-delete-finalizer.argocd.argoproj.io";
const std::string kPreCleanup = "pre-delete-finalizer.argocd.argoproj.io/cleanup";
const std::string kPost = "post-delete-finalizer.argocd.argoproj.io";

TEST_CASE("removing a finalizer moves the last one into its place") {
  Finalizers finalizers(Names{kPre, "a", "b"});
  finalizers.remove(DeleteHook::PreDelete, DeleteStage::Run);
  CHECK(finalizers.names() == Names{"b", "a"});
}

TEST_CASE("the first finalizer of the cascade gives its policy") {
  CHECK(Finalizers(Names{kForeground, kBackground}).cascade() == model::Propagation::Foreground);
  CHECK(Finalizers(Names{kBackground, kForeground}).cascade() == model::Propagation::Background);
  CHECK(Finalizers(Names{kForeground + "/foreground"}).cascade() == model::Propagation::Foreground);
  CHECK_FALSE(Finalizers(Names{kForeground + "/other", kPre}).cascade());
}

TEST_CASE("all finalizers of a hook go together, others stay") {
  Finalizers finalizers(Names{kPre, "a", kPreCleanup, kPost});
  finalizers.remove_all(DeleteHook::PreDelete);
  CHECK(finalizers.names() == Names{kPost, "a"});
}

TEST_CASE("nothing is added twice") {
  Finalizers finalizers;
  finalizers.add(DeleteHook::PostDelete, DeleteStage::Run);
  finalizers.add(DeleteHook::PostDelete, DeleteStage::Run);
  CHECK(finalizers.names() == Names{kPost});
}

TEST_CASE("taking the cascade away leaves exactly the others") {
  rc::prop("others", [] {
    const auto names = *rc::gen::container<Names>(
        rc::gen::element(kForeground, kBackground, kPre, kPost, std::string("a")));
    Finalizers finalizers(names);
    finalizers.remove_cascade();
    RC_ASSERT(!finalizers.cascade());
    Names expected;
    std::copy_if(
        names.begin(), names.end(), std::back_inserter(expected),
        [](const std::string& name) { return name != kForeground && name != kBackground; });
    Names left = finalizers.names();
    std::sort(expected.begin(), expected.end());
    std::sort(left.begin(), left.end());
    RC_ASSERT(left == expected);
  });
}

}  // namespace
}  // namespace wavetank::application
