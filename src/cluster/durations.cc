#include "cluster/durations.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/distribution.h"

namespace wavetank::cluster {

namespace {

struct Row {
  Lapse lapse;
  std::string_view purpose;
  std::int64_t median_ms;
  std::int64_t p99_ms;
};

// They are meant to be plausible, not exact. "Assumed" says that nobody has measured it for us.
constexpr std::array kRows{
    // Kubernetes promises 5 s for 99 of 100 pods, pulls and init containers apart: sig-scalability,
    // slos/pod_startup_latency.md. The median is in the middle of kwok's stages of 1 s to 5 s.
    Row{Lapse::ContainerStart, "container-start", 1'500, 5'000},
    // Pulls are three quarters of the time that containers take to start (Harter et al., "Slacker",
    // FAST 2016); 500 MB take 30 s to 90 s at 100 Mbit/s, images of 3 GB minutes. Between: assumed.
    Row{Lapse::ImagePull, "image-pull", 8'000, 120'000},
    Row{Lapse::InitContainer, "init-container", 3'000, 60'000},       // assumed
    Row{Lapse::ReadyAfterStart, "ready-after-start", 5'000, 60'000},  // assumed
    // That of a migration, assumed. Batch jobs of a large cluster have 99 of 100 done in 1003 s
    // (doi.org/10.1109/ACCESS.2019.2897898): the tail is long.
    Row{Lapse::JobRun, "job-run", 12'000, 180'000},
    Row{Lapse::Workflow, "workflow", 20'000, 180'000},  // that of a smoke test, assumed
    // About a minute on GCE (README of its load balancer controller); on AWS the name is there
    // sooner and answers after two minutes (kubernetes/kubernetes#44695).
    Row{Lapse::LoadBalancer, "load-balancer", 60'000, 180'000},
    // ingress-nginx publishes addresses every 60 s; load balancers of clouds take 5 to 6 minutes
    // until their health checks pass (README of GCE's controller), 10 at worst.
    Row{Lapse::IngressAddress, "ingress-address", 60'000, 600'000},
    Row{Lapse::Provisioning, "provisioning", 4'000, 30'000},  // assumed
    // The grace period ends it after 30 s by default: pkg/apis/core/v1/defaults.go. Median assumed.
    Row{Lapse::PodTermination, "pod-termination", 2'000, 30'000},
    // That of an ExternalSecret, assumed.
    Row{Lapse::Reconciliation, "reconciliation", 2'000, 20'000},
};

base::Distribution distribution(const Row& row) {
  return base::Distribution(base::lognormal(std::chrono::milliseconds(row.median_ms),
                                            base::HighQuantile::P99,
                                            std::chrono::milliseconds(row.p99_ms)));
}

}  // namespace

base::Duration draw(Lapse lapse, std::string_view entity, std::uint32_t occurrence,
                    base::Chooser& chooser) {
  static const std::array kDistributions = [] {
    return std::apply([](const auto&... rows) { return std::array{distribution(rows)...}; }, kRows);
  }();
  const auto index = static_cast<std::size_t>(lapse);
  WAVETANK_CHECK(kRows.at(index).lapse == lapse);
  const auto drawn = kDistributions.at(index).draw(
      {.entity = entity, .purpose = kRows.at(index).purpose, .occurrence = occurrence}, chooser);
  constexpr base::Duration kStep = std::chrono::milliseconds(100);
  return std::max((*drawn + kStep / 2) / kStep * kStep, kStep);
}

base::Duration restart_delay(std::int64_t restarts) {
  if (restarts == 0) return base::Duration::zero();
  constexpr std::int64_t kLongest = 300;
  const std::int64_t wait = 10LL << std::min<std::int64_t>(restarts - 1, 5);
  return std::chrono::seconds(std::min(kLongest, wait));
}

}  // namespace wavetank::cluster
