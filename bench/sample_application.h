// The application that the benchmarks of whole syncs measure.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "load/project.h"
#include "support/memory_files.h"

namespace wavetank::bench {

inline std::string config(int number) {
  return fmt::format(
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: config-{0}}}\ndata: {{key: value}}\n",
      number);
}

inline std::string deployment(int number) {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web-{0}}}\n"
      "spec:\n  selector: {{matchLabels: {{app: web-{0}}}}}\n"
      "  template:\n    metadata: {{labels: {{app: web-{0}}}}}\n"
      "    spec: {{containers: [{{name: main, image: nginx}}]}}\n",
      number);
}

inline std::string service(int number) {
  return fmt::format(
      "apiVersion: v1\nkind: Service\nmetadata: {{name: web-{0}}}\n"
      "spec: {{selector: {{app: web-{0}}}, ports: [{{port: 80}}]}}\n",
      number);
}

inline std::string hook(std::string_view name, std::string_view phase) {
  return fmt::format(
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: {0}\n"
      "  annotations: {{argocd.argoproj.io/hook: {1}}}\n"
      "spec:\n  template:\n    spec:\n      restartPolicy: Never\n"
      "      containers: [{{name: main, image: busybox}}]\n",
      name, phase);
}

// A PreSync and a PostSync hook, and of the rest equal parts of ConfigMaps, Services, Deployments.
inline load::Project sample_application(int resources) {
  support::MemoryFiles files;
  files.add("app/hooks.yaml", hook("migrate", "PreSync") + "---\n" + hook("notify", "PostSync"));
  for (int i = 0; i < resources - 2; ++i) {
    const std::string text = i % 3 == 0 ? config(i) : i % 3 == 1 ? service(i) : deployment(i);
    files.add(fmt::format("app/{}.yaml", i), text);
  }
  return load::load_project(files, {.paths = {"app"}});
}

}  // namespace wavetank::bench
