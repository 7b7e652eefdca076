// Sorts exactly as Go's sort.Sort does: the same comparisons, the same swaps, the same result.
//
// Argo CD sorts its tasks with it, and in two cases the result is more than "sorted": tasks that
// compare equal end in an order that depends on the algorithm, and waves that wrap around compare
// in circles. Up to twelve elements it is an insertion sort, beyond that a quicksort that defeats
// patterns (pdqsort): pivots from the middle, a guess that the input may be sorted already, a heap
// sort after too many bad pivots. All of it is deterministic. It allocates nothing.
// Source of the behaviour: Go's sort package since 1.19 (sort.Sort, not slices.SortFunc).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace wavetank::sync {

template <class T, class Less>
class GoSort {
 public:
  GoSort(std::span<T> items, Less compare) : items_(items), less_(std::move(compare)) {}

  void run() {
    if (items_.size() > 1) {
      quick_sort(0, items_.size(), static_cast<int>(std::bit_width(items_.size())));
    }
  }

 private:
  // A place in the items; ranges are [begin, end).
  using Index = std::size_t;
  static constexpr std::size_t kInsertionSortUpTo = 12;
  static constexpr std::size_t kLongRange = 50;
  static constexpr int kShiftsBeforeGivingUp = 5;

  enum class Guess : std::uint8_t { Unsorted, Ascending, Descending };
  struct Pivot {
    Index place;
    Guess guess;
  };
  struct Partition {
    Index middle;
    bool was_partitioned;
  };

  [[nodiscard]] bool less(Index a, Index b) const { return less_(items_[a], items_[b]); }
  void swap(Index a, Index b) {
    using std::swap;
    swap(items_[a], items_[b]);
  }

  void quick_sort(Index begin, Index end, int bad_pivots_left) {
    bool was_balanced = true;
    bool was_partitioned = true;
    while (end - begin > kInsertionSortUpTo) {
      const std::size_t length = end - begin;
      if (bad_pivots_left == 0) {
        heap_sort(begin, length);
        return;
      }
      if (!was_balanced) {
        scatter(begin, length);
        --bad_pivots_left;
      }
      auto [pivot, guess] = choose_pivot(begin, length);
      if (guess == Guess::Descending) {
        reverse(begin, end);
        pivot = (end - 1) - (pivot - begin);
        guess = Guess::Ascending;
      }
      if (was_balanced && was_partitioned && guess == Guess::Ascending && almost_sort(begin, end)) {
        return;
      }
      // What lies left of this range is no greater than any of it; if the pivot is no greater
      // either, many elements are equal, and those are done.
      if (begin > 0 && !less(begin - 1, pivot)) {
        begin = split_off_equal(begin, end, pivot);
        continue;
      }
      const Partition parts = partition(begin, end, pivot);
      was_partitioned = parts.was_partitioned;
      const std::size_t left = parts.middle - begin;
      const std::size_t right = end - parts.middle;
      if (left < right) {
        was_balanced = left >= length / 8;
        quick_sort(begin, parts.middle, bad_pivots_left);
        begin = parts.middle + 1;
      } else {
        was_balanced = right >= length / 8;
        quick_sort(parts.middle + 1, end, bad_pivots_left);
        end = parts.middle;
      }
    }
    insertion_sort(begin, end);
  }

  void insertion_sort(Index begin, Index end) {
    for (Index i = begin + 1; i < end; ++i) {
      for (Index j = i; j > begin && less(j, j - 1); --j) swap(j, j - 1);
    }
  }

  void heap_sort(Index first, std::size_t length) {
    for (std::size_t root = (length - 1) / 2 + 1; root-- > 0;) sift_down(first, root, length);
    for (std::size_t last = length; last-- > 0;) {
      swap(first, first + last);
      sift_down(first, 0, last);
    }
  }

  // Lets the root of a heap of `length` items from `first` on sink to its place.
  void sift_down(Index first, std::size_t root, std::size_t length) {
    for (std::size_t child = 2 * root + 1; child < length; child = 2 * root + 1) {
      if (child + 1 < length && less(first + child, first + child + 1)) ++child;
      if (!less(first + root, first + child)) return;
      swap(first + root, first + child);
      root = child;
    }
  }

  // Smaller than the pivot to the left, the rest to the right.
  Partition partition(Index begin, Index end, Index pivot) {
    swap(begin, pivot);
    Index left = begin + 1;
    Index right = end - 1;
    bool was_partitioned = true;
    while (true) {
      while (left <= right && less(left, begin)) ++left;
      while (left <= right && !less(right, begin)) --right;
      if (left > right) break;
      was_partitioned = false;
      swap(left, right);
      ++left;
      --right;
    }
    swap(right, begin);
    return {.middle = right, .was_partitioned = was_partitioned};
  }

  // Moves what equals the pivot to the left, where nothing is smaller. Returns where the rest
  // begins.
  Index split_off_equal(Index begin, Index end, Index pivot) {
    swap(begin, pivot);
    Index left = begin + 1;
    Index right = end - 1;
    while (true) {
      while (left <= right && !less(begin, left)) ++left;
      while (left <= right && less(begin, right)) --right;
      if (left > right) return left;
      swap(left, right);
      ++left;
      --right;
    }
  }

  // Repairs a few disorders of a range that seems to be sorted; true: it is sorted now.
  bool almost_sort(Index begin, Index end) {
    Index i = begin + 1;
    for (int shifts = 0; shifts < kShiftsBeforeGivingUp; ++shifts) {
      while (i < end && !less(i, i - 1)) ++i;
      if (i == end) return true;
      if (end - begin < kLongRange) return false;
      swap(i, i - 1);
      // The smaller one goes left, even beyond the range if it still is smaller there.
      if (i - begin >= 2) {
        for (Index j = i - 1; j >= 1 && less(j, j - 1); --j) swap(j, j - 1);
      }
      if (end - i >= 2) {
        for (Index j = i + 1; j < end && less(j, j - 1); ++j) swap(j, j - 1);
      }
    }
    return false;
  }

  // Swaps three items of the middle with pseudo-random others, by the xorshift of Marsaglia.
  void scatter(Index begin, std::size_t length) {
    std::uint64_t random = length;
    const std::uint64_t mask = (std::uint64_t{1} << std::bit_width(length)) - 1;
    const Index middle = begin + length / 4 * 2;
    for (Index i = middle - 1; i <= middle + 1; ++i) {
      random ^= random << 13U;
      random ^= random >> 7U;
      random ^= random << 17U;
      std::size_t other = random & mask;
      if (other >= length) other -= length;
      swap(i, begin + other);
    }
  }

  // The median of three places, or, of a long range, of three medians. How often two candidates
  // were in the wrong order tells whether the range looks sorted.
  Pivot choose_pivot(Index begin, std::size_t length) {
    Index a = begin + length / 4;
    Index b = begin + length / 4 * 2;
    Index c = begin + length / 4 * 3;
    int disorders = 0;
    constexpr int kAllInDisorder = 12;
    if (length >= kLongRange) {
      a = median(a - 1, a, a + 1, disorders);
      b = median(b - 1, b, b + 1, disorders);
      c = median(c - 1, c, c + 1, disorders);
    }
    b = median(a, b, c, disorders);
    if (disorders == 0) return {.place = b, .guess = Guess::Ascending};
    return {.place = b, .guess = disorders == kAllInDisorder ? Guess::Descending : Guess::Unsorted};
  }

  Index median(Index a, Index b, Index c, int& disorders) {
    const auto order = [&](Index& x, Index& y) {
      if (!less(y, x)) return;
      ++disorders;
      std::swap(x, y);
    };
    order(a, b);
    order(b, c);
    order(a, b);
    return b;
  }

  void reverse(Index begin, Index end) {
    for (Index i = begin, j = end - 1; i < j; ++i, --j) swap(i, j);
  }

  std::span<T> items_;
  Less less_;
};

// `less` need not be an order.
template <class T, class Less>
void go_sort(std::span<T> items, Less less) {
  GoSort<T, Less>(items, std::move(less)).run();
}

}  // namespace wavetank::sync
