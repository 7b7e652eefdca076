// An API server and the controllers above it, without nodes: pods do what the test says.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/interner.h"
#include "cluster/api/server.h"
#include "cluster/controller_manager/manager.h"
#include "cluster/store.h"

namespace wavetank::cluster {

class ControlPlane {
 public:
  explicit ControlPlane(std::span<const Controller* const> controllers = built_in_controllers());

  base::Interner interner;
  Store store{interner};
  api::Server server{store};
  Manager manager;

  // Creates the object of a YAML text, or patches the one that is there (JSON merge patch), and
  // lets the controllers act. The error of the API server; empty when it accepted.
  std::string write(const std::string& yaml);
  std::string patch(const std::string& group, const std::string& kind, const std::string& name,
                    const nlohmann::json& patch, const std::string& subresource = "");
  void remove(const std::string& group, const std::string& kind, const std::string& name,
              api::DeletePolicy policy = api::DeletePolicy::Background);

  // Lets time pass; controllers act.
  void pass(base::Duration time);
  // What kubelets would report of pods; of several at one moment.
  void report(const std::vector<std::string>& pods, const nlohmann::json& status);
  [[nodiscard]] nlohmann::json running(const char* ready) const;
  void set_ready(const std::string& pod);
  void set_unready(const std::string& pod);
  void set_phase(const std::string& pod, const std::string& phase);

  [[nodiscard]] const nlohmann::json* find(const std::string& group, const std::string& kind,
                                           const std::string& name) const;
  // The value at a JSON pointer; null when there is none.
  [[nodiscard]] nlohmann::json value(const std::string& group, const std::string& kind,
                                     const std::string& name, const std::string& pointer) const;
  [[nodiscard]] std::vector<std::string> names(const std::string& group,
                                               const std::string& kind) const;
  // All pods of `demo`, each with the image of its first container.
  [[nodiscard]] std::vector<std::string> pods() const;
  [[nodiscard]] nlohmann::json condition(const std::string& group, const std::string& kind,
                                         const std::string& name, const std::string& type) const;

  // Objects live in this namespace, unless they have none.
  static constexpr const char* kNamespace = "demo";

 private:
  [[nodiscard]] model::ObjectKey key(const std::string& group, const std::string& kind,
                                     const std::string& name) const;
  void settle() { manager.run(server.now); }
};

}  // namespace wavetank::cluster
