#include "cluster/durations.h"

#include <array>

#include "base/check.h"

namespace wavetank::cluster {

namespace {

struct Row {
  Lapse lapse;
  std::string_view purpose;
  std::int64_t median_ms;
  std::int64_t p99_ms;
};

// Sources: Kubernetes' pod start-up objective, measured image pulls and assumptions; they are meant
// to be plausible, not exact.
constexpr std::array kRows{
    Row{Lapse::ContainerStart, "container-start", 1'500, 5'000},
    Row{Lapse::InitContainer, "init-container", 3'000, 60'000},
      Row{Lapse::ReadyAfterStart, "ready-after-start", 5'000, 60'000},
    Row{Lapse::JobRun, "job-run", 12'000, 180'000},
    Row{Lapse::Workflow, "workflow", 20'000, 180'000},
    Row{Lapse::LoadBalancer, "load-balancer", 60'000, 180'000},
    Row{Lapse::IngressAddress, "ingress-address", 60'000, 180'000},
    Row{Lapse::Provisioning, "provisioning", 4'000, 30'000},
    Row{Lapse::PodTermination, "pod-termination", 2'000, 30'000},
    Row{Lapse::NamespaceRemoval, "namespace-removal", 5'000, 10'000},
    Row{Lapse::Reconciliation, "reconciliation", 2'000, 20'000},
};

// Straight lines between quantiles, in thousandths: half the median, the median, 90 %, 99 %.
std::int64_t quantile_ms(const Row& row, std::int64_t k) {
  struct Knot {
    std::int64_t k;
    std::int64_t ms;
  };
  const std::array<Knot, 5> knots{Knot{0, row.median_ms / 2}, Knot{500, row.median_ms},
                                  Knot{900, row.median_ms + (row.p99_ms - row.median_ms) / 3},
                                  Knot{990, row.p99_ms}, Knot{1000, row.p99_ms}};
  for (std::size_t i = 1; i < knots.size(); ++i) {
    if (k > knots[i].k) continue;
    const Knot& from = knots[i - 1];
    return from.ms + (knots[i].ms - from.ms) * (k - from.k) / (knots[i].k - from.k);
  }
  return row.p99_ms;
}

}  // namespace

base::Duration draw(Lapse lapse, std::string_view entity, std::uint32_t occurrence,
                    base::Chooser& chooser) {
  const Row& row = kRows.at(static_cast<std::size_t>(lapse));
  WAVETANK_CHECK(row.lapse == lapse);
  constexpr std::uint32_t kChoices = 1001;
  const std::uint32_t choice =
      chooser.pick({.entity = entity, .purpose = row.purpose, .occurrence = occurrence}, kChoices);
  const std::int64_t ms = choice == 0 ? row.median_ms : quantile_ms(row, choice);
  constexpr std::int64_t kStep = 100;  // tenths of a second are fine enough to read
  return std::chrono::milliseconds((ms + kStep / 2) / kStep * kStep);
}

}  // namespace wavetank::cluster
