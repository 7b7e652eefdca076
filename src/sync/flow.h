// A coroutine that can be part of a pass: it computes a T, and may stop on the way to ask the
// world.
//
// Flows are lazy: they run when awaited, and finish before the awaiting one goes on. That makes the
// engine read like Argo CD's own straight-line code although every call to the world leaves it.
// Their frames stand in the arena of the object whose member functions they are, which has to
// outlive them.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <utility>

#include "base/arena.h"
#include "base/check.h"

namespace wavetank::sync {

template <class T>
class [[nodiscard]] Flow {
 public:
  struct promise_type {
    std::coroutine_handle<> continuation;  // who awaits this flow; null for the outermost
    T value{};

    // The first argument of a member function's coroutine is its object.
    template <class Owner, class... Arguments>
    static void* operator new(std::size_t size, Owner& owner, const Arguments&...) {
      return owner.arena().allocate(size);
    }
    static void operator delete(void*, std::size_t) noexcept {}  // the arena takes it back

    Flow get_return_object() {
      return Flow(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Finish {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        const auto next = self.promise().continuation;
        return next ? next : std::coroutine_handle<>(std::noop_coroutine());
      }
      void await_resume() noexcept {}
    };
    Finish final_suspend() noexcept { return {}; }
    void return_value(T result) { value = result; }
    // The engine throws nothing of its own; running out of memory ends the process.
    void unhandled_exception() { std::terminate(); }
  };

  explicit Flow(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Flow(Flow&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Flow& operator=(Flow&&) = delete;
  ~Flow() {
    if (handle_) handle_.destroy();
  }

  // Starts the outermost flow.
  void start() { handle_.resume(); }
  [[nodiscard]] bool done() const { return handle_.done(); }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().continuation = awaiting;
    return handle_;
  }
  T await_resume() const noexcept { return handle_.promise().value; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

// The value of a flow that only does something.
struct Done {};

}  // namespace wavetank::sync
