#include "cluster/controller_manager/job_indexes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace wavetank::cluster {

namespace {

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

IndexSet IndexSet::parse(std::string_view text, std::int64_t completions) {
  IndexSet set;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    const auto dash = part.find('-');
    const auto first = number_of(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number_of(part.substr(dash + 1));
    if (!first || !last) continue;
    if (*first >= completions) break;
    if (*last >= *first) set.insert(Interval{*first, std::min(*last, completions - 1)});
  }
  return set;
}

void IndexSet::insert(Interval added) {
  const auto begin = std::find_if(intervals_.begin(), intervals_.end(), [&](const Interval& each) {
    return each.last + 1 >= added.first;
  });
  auto end = begin;
  for (; end != intervals_.end() && end->first <= added.last + 1; ++end) {
    added.first = std::min(added.first, end->first);
    added.last = std::max(added.last, end->last);
  }
  intervals_.insert(intervals_.erase(begin, end), added);
}

void IndexSet::insert(const IndexSet& other) {
  for (const Interval& each : other.intervals_) insert(each);
}

bool IndexSet::contains(std::int64_t index) const {
  return std::any_of(intervals_.begin(), intervals_.end(), [&](const Interval& each) {
    return each.first <= index && index <= each.last;
  });
}

std::int64_t IndexSet::size() const {
  std::int64_t size = 0;
  for (const Interval& each : intervals_) size += each.last - each.first + 1;
  return size;
}

std::int64_t IndexSet::common(const IndexSet& other) const {
  std::int64_t count = 0;
  for (const Interval& mine : intervals_) {
    for (const Interval& theirs : other.intervals_) {
      const auto first = std::max(mine.first, theirs.first);
      const auto last = std::min(mine.last, theirs.last);
      count += std::max<std::int64_t>(last - first + 1, 0);
    }
  }
  return count;
}

std::vector<std::int64_t> IndexSet::first_missing(std::int64_t count,
                                                  std::int64_t completions) const {
  std::vector<std::int64_t> missing;
  auto interval = intervals_.begin();
  for (std::int64_t index = 0; index < completions; ++index) {
    if (static_cast<std::int64_t>(missing.size()) >= count) break;
    while (interval != intervals_.end() && interval->last < index) ++interval;
    if (interval != intervals_.end() && interval->first <= index) {
      index = interval->last;
    } else {
      missing.push_back(index);
    }
  }
  return missing;
}

std::string IndexSet::to_text() const {
  std::string text;
  for (const Interval& each : intervals_) {
    if (!text.empty()) text += ',';
    text += std::to_string(each.first);
    if (each.last == each.first) continue;
    text += fmt::format("{}{}", each.last == each.first + 1 ? ',' : '-', each.last);
  }
  return text;
}

}  // namespace wavetank::cluster
