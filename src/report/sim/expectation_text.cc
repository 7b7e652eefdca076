#include "report/sim/expectation_text.h"

#include <fmt/format.h>

#include "report/sim/simulation_text.h"

namespace wavetank::report {

namespace {

Ink ink_of(const sim::ExpectationReport& report) {
  if (report.verdict == sim::Verdict::Pass) return Ink::Green;
  return report.is_warning ? Ink::Yellow : Ink::Red;
}

}  // namespace

std::string expectations_text(const std::vector<sim::ExpectationReport>& reports,
                              const std::string& file, Colour colour) {
  std::string out;
  for (const sim::ExpectationReport& report : reports) {
    const std::string verdict =
        fmt::format("{:<12}", report.is_warning && report.verdict != sim::Verdict::Pass
                                  ? fmt::format("{} (warning)", sim::name(report.verdict))
                                  : std::string(sim::name(report.verdict)));
    out += fmt::format("  {} {}: {}\n", paint(verdict, ink_of(report), colour),
                       escaped(report.name), escaped(report.expected));
    if (report.verdict == sim::Verdict::Pass) continue;
    out += fmt::format("    {}:{}:{}: {}{}\n", escaped(file), report.line, report.column,
                       report.broke_at ? fmt::format("at {}: ", moment(*report.broke_at)) : "",
                       escaped(report.found));
    for (const std::string& reason : report.reasons) {
      out += fmt::format("      {}\n", escaped(reason));
    }
  }
  return out;
}

nlohmann::ordered_json expectations_json(const std::vector<sim::ExpectationReport>& reports) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const sim::ExpectationReport& report : reports) {
    nlohmann::ordered_json broke = nullptr;
    if (report.broke_at) broke = report.broke_at->time_since_epoch().count();
    list.push_back({{"name", report.name},
                    {"expected", report.expected},
                    {"verdict", sim::name(report.verdict)},
                    {"severity", report.is_warning ? "warning" : "error"},
                    {"brokeAtNs", std::move(broke)},
                    {"found", report.found},
                    {"reasons", report.reasons},
                    {"line", report.line},
                    {"column", report.column}});
  }
  return list;
}

}  // namespace wavetank::report
