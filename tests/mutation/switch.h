// The run-time switch of the mutants in an instrumented copy of the engine.
//
// Every mutation site of the copy asks whether its number is the active one, which the environment
// variable WAVETANK_MUTANT names; without it the copy behaves like the original. The functions
// below are the mutations that need more than an `if`: they evaluate their arguments exactly as the
// original does. Nothing in src includes this: see tests/mutation/README.md.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <type_traits>
#include <utility>

namespace wavetank::mutation {

inline int number_from_environment() {
  const char* text = std::getenv("WAVETANK_MUTANT");
  return text == nullptr ? 0 : std::atoi(text);
}

inline const int kActive = number_from_environment();

// Mutants are numbered from 1; 0 stands for one that could not be built.
inline bool active(int number) { return number != 0 && number == kActive; }

// A value, or the default of its type.
template <class T>
std::decay_t<T> kept(int number, T&& value) {
  if (active(number)) return std::decay_t<T>{};
  return std::forward<T>(value);
}

// A number, or the next one.
template <class T>
T one_more(int number, T value) {
  if (active(number)) return static_cast<T>(value + 1);
  return value;
}

template <class A, class B>
bool less(int number, A a, B b) {
  return active(number) ? a <= b : a < b;
}

template <class A, class B>
bool less_or_equal(int number, A a, B b) {
  return active(number) ? a < b : a <= b;
}

template <class A, class B>
bool greater(int number, A a, B b) {
  return active(number) ? a >= b : a > b;
}

template <class A, class B>
bool greater_or_equal(int number, A a, B b) {
  return active(number) ? a > b : a >= b;
}

template <class A, class B>
auto add(int number, A a, B b) {
  return active(number) ? a - b : a + b;
}

template <class A, class B>
auto subtract(int number, A a, B b) {
  return active(number) ? a + b : a - b;
}

template <class T>
T min(int number, const T& a, const T& b) {
  return active(number) ? std::max(a, b) : std::min(a, b);
}

template <class T>
T max(int number, const T& a, const T& b) {
  return active(number) ? std::min(a, b) : std::max(a, b);
}

template <class Iterator, class Predicate>
bool all_of(int number, Iterator begin, Iterator end, Predicate predicate) {
  return active(number) ? std::any_of(begin, end, predicate) : std::all_of(begin, end, predicate);
}

template <class Iterator, class Predicate>
bool any_of(int number, Iterator begin, Iterator end, Predicate predicate) {
  return active(number) ? std::all_of(begin, end, predicate) : std::any_of(begin, end, predicate);
}

template <class Iterator, class Predicate>
bool none_of(int number, Iterator begin, Iterator end, Predicate predicate) {
  return active(number) ? !std::all_of(begin, end, predicate) : std::none_of(begin, end, predicate);
}

}  // namespace wavetank::mutation
