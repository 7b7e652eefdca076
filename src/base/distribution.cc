#include "base/distribution.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "base/check.h"

namespace wavetank::base {

namespace {

// Quantiles are multiples of 1 / 65536; the median is one of them.
constexpr std::uint32_t kQuantiles = 1U << 16U;
constexpr std::uint32_t kMedian = kQuantiles / 2;

// How many standard deviations above its mean a normal distribution exceeds with a probability of
// t / 65536. Exact for t = 1 to 16, then 16 knots in each octave, up to the mean at t = 32768;
// straight lines between them are off by less than 0.0002. Reckoned with 50 digits.
constexpr std::array<Fixed, 192> kNormalTail{
    17'908'163'882, 17'217'547'189, 16'801'710'172, 16'500'966'648, 16'264'265'685, 16'068'556'978,
    15'901'414'080, 15'755'354'311, 15'625'514'820, 15'508'553'322, 15'402'071'809, 15'304'290'207,
    15'213'850'093, 15'129'690'778, 15'050'967'893, 14'976'998'085, 14'907'220'360, 14'841'168'400,
    14'778'450'308, 14'718'733'504, 14'661'733'278, 14'607'203'988, 14'554'932'189, 14'504'731'221,
    14'456'436'885, 14'409'903'962, 14'365'003'384, 14'321'619'914, 14'279'650'227, 14'239'001'318,
    14'199'589'161, 14'161'337'588, 14'088'045'218, 14'018'639'049, 13'952'711'246, 13'889'915'625,
    13'829'955'762, 13'772'575'853, 13'717'553'576, 13'664'694'470, 13'613'827'438, 13'564'801'135,
    13'517'481'024, 13'471'746'960, 13'427'491'204, 13'384'616'758, 13'343'035'977, 13'302'669'398,
    13'225'296'097, 13'151'990'532, 13'082'326'955, 13'015'943'876, 12'952'531'688, 12'891'823'140,
    12'833'585'909, 12'777'616'736, 12'723'736'747, 12'671'787'681, 12'621'628'823, 12'573'134'487,
    12'526'191'942, 12'480'699'677, 12'436'565'952, 12'393'707'577, 12'311'520'796, 12'233'609'032,
    12'159'526'231, 12'088'893'542, 12'021'386'389, 11'956'724'520, 11'894'664'243, 11'834'992'294,
    11'777'520'945, 11'722'084'060, 11'668'533'888, 11'616'738'427, 11'566'579'251, 11'517'949'701,
    11'470'753'361, 11'424'902'783, 11'336'927'603, 11'253'466'446, 11'174'050'020, 11'098'279'591,
    11'025'813'429, 10'956'356'373, 10'889'651'678, 10'825'474'592, 10'763'627'214, 10'703'934'352,
    10'646'240'157, 10'590'405'356, 10'536'304'967, 10'483'826'392, 10'432'867'827, 10'383'336'911,
    10'288'229'133, 10'197'913'680, 10'111'894'394, 10'029'749'536, 9'951'117'509,  9'875'685'869,
    9'803'182'740,  9'733'370'031,  9'666'038'024,  9'601'001'004,  9'538'093'705,  9'477'168'391,
    9'418'092'443,  9'360'746'350,  9'305'022'022,  9'250'821'371,  9'146'641'678,  9'047'580'916,
    8'953'111'522,  8'862'784'838,  8'776'216'004,  8'693'072'321,  8'613'064'159,  8'535'937'773,
    8'461'469'564,  8'389'461'443,  8'319'737'068,  8'252'138'740,  8'186'524'846,  8'122'767'726,
    8'060'751'878,  8'000'372'452,  7'884'149'217,  7'773'427'974,  7'667'644'011,  7'566'316'799,
    7'469'033'906,  7'375'438'604,  7'285'220'186,  7'198'106'299,  7'113'856'833,  7'032'258'972,
    6'953'123'172,  6'876'279'856,  6'801'576'678,  6'728'876'240,  6'658'054'182,  6'588'997'566,
    6'455'777'983,  6'328'495'059,  6'206'539'471,  6'089'392'340,  5'976'608'002,  5'867'800'711,
    5'762'634'248,  5'660'813'700,  5'562'078'884,  5'466'199'042,  5'372'968'505,  5'282'203'150,
    5'193'737'443,  5'107'421'994,  5'023'121'492,  4'940'712'968,  4'781'133'015,  4'627'894'121,
    4'480'330'626,  4'337'874'746,  4'200'037'970,  4'066'396'680,  3'936'580'912,  3'810'265'458,
    3'687'162'741,  3'567'017'061,  3'449'599'902,  3'334'706'072,  3'222'150'503,  3'111'765'583,
    3'003'398'914,  2'896'911'419,  2'689'074'782,  2'487'353'697,  2'290'977'244,  2'099'278'701,
    1'911'675'018,  1'727'650'875,  1'546'746'108,  1'368'545'647,  1'192'671'357,  1'018'775'302,
    846'534'121,    675'644'246,    505'817'760,    336'778'748,    168'260'006,    0,
};
constexpr Fixed kNormalP95 = 7'064'592'534;
constexpr Fixed kNormalP99 = 9'991'588'038;

// REQUIRES: 0 < tail <= kMedian.
Fixed normal_tail(std::uint32_t tail) {
  constexpr std::uint32_t kKnots = 16;
  if (tail <= kKnots) return kNormalTail.at(tail - 1);
  if (tail == kMedian) return 0;
  const auto octave = static_cast<std::uint32_t>(std::bit_width(tail)) - 1;  // 4 to 14
  const std::uint32_t step = 1U << (octave - 4);
  const std::uint32_t beyond = tail - (1U << octave);
  const std::size_t knot = kKnots - 1 + (octave - 4) * kKnots + beyond / step;
  const Fixed from = kNormalTail.at(knot);
  const Fixed to = kNormalTail.at(knot + 1);
  return from + (to - from) * (beyond % step) / step;
}

// The quantile of a normal distribution with mean 0 and deviation 1.
Fixed normal(std::uint32_t k) {
  return k <= kMedian ? -normal_tail(k) : normal_tail(kQuantiles - k);
}

// -ln(1 - k / kQuantiles): the quantile of an exponential distribution with mean 1.
Fixed exponential(std::uint32_t k) { return natural_log(kQuantiles) - natural_log(kQuantiles - k); }

// The k-th part of a length. REQUIRES: length >= 0.
std::int64_t share(std::int64_t length, std::uint32_t k) {
  return static_cast<std::int64_t>(SignedWide{length} * k / kQuantiles);
}

constexpr Ceiling kCeiling{.most = kLongestDraw.count()};

// The quantiles of each form, in nanoseconds, for k from 1 to kQuantiles - 1.
struct Quantile {
  std::uint32_t k;

  std::int64_t operator()(const Distribution::Constant& form) const { return form.value.count(); }
  std::int64_t operator()(const Distribution::Uniform& form) const {
    return form.min.count() + share((form.max - form.min).count(), k);
  }
  std::int64_t operator()(const Distribution::Triangular& form) const;
  std::int64_t operator()(const Distribution::Exponential& form) const {
    const SignedWide value = SignedWide{form.mean.count()} * exponential(k) / kFixedOne;
    return static_cast<std::int64_t>(std::min(value, SignedWide{kCeiling.most}));
  }
  std::int64_t operator()(const Distribution::Lognormal& form) const {
    return times_exp(form.median.count(), product(form.sigma, normal(k)), kCeiling);
  }
  std::int64_t operator()(const Distribution::Weibull& form) const {
    const auto hazard = static_cast<std::uint64_t>(exponential(k));
    const Fixed log = natural_log(hazard) - natural_log(std::uint64_t{kFixedOne});
    return times_exp(form.scale.count(), quotient(log, form.shape), kCeiling);
  }
  std::int64_t operator()(const Distribution::Empirical& form) const {
    const std::uint64_t place = std::uint64_t{k} * (form.values.size() - 1);
    const std::size_t below = place / kQuantiles;
    const std::int64_t from = form.values[below].count();
    if (below + 1 == form.values.size()) return from;
    return from + share(form.values[below + 1].count() - from,
                        static_cast<std::uint32_t>(place % kQuantiles));
  }
};

// The area below the density up to the quantile is k / kQuantiles; each side is a triangle, whose
// area grows with the square of the way from its tip.
std::int64_t Quantile::operator()(const Distribution::Triangular& form) const {
  const std::int64_t width = (form.max - form.min).count();
  if (width == 0) return form.min.count();
  const std::int64_t rise = (form.mode - form.min).count();
  const bool is_rising = SignedWide{rise} * kQuantiles >= SignedWide{width} * k;
  const auto side = static_cast<std::uint64_t>(is_rising ? rise : width - rise);
  const std::uint64_t area = is_rising ? k : kQuantiles - k;
  // The root of area / kQuantiles * side / width, with 62 binary places.
  const Wide ratio = (Wide{side} * area << (62U - 16U)) / static_cast<std::uint64_t>(width);
  const std::uint64_t root = square_root(ratio << 62U);
  const auto way = static_cast<std::int64_t>(Wide{root} * static_cast<std::uint64_t>(width) >> 62U);
  return is_rising ? form.min.count() + way : form.max.count() - way;
}

}  // namespace

Distribution::Distribution(Form form) : form_(std::move(form)) {}

Distribution::Distribution(Form form, Bounds bounds) : form_(std::move(form)), bounds_(bounds) {}

std::optional<Duration> Distribution::draw(const ChoiceId& id, Chooser& chooser) const {
  if (std::holds_alternative<Never>(form_)) return std::nullopt;
  std::optional<Duration> drawn;
  if (const Mix* mix = std::get_if<Mix>(&form_)) {
    std::vector<std::uint32_t> weights;
    for (const Part& part : mix->parts) weights.push_back(part.weight);
    const Part& part = mix->parts.at(draw_weighted(weights, id, chooser));
    const std::string purpose = std::string(id.purpose) + "/part";
    drawn = part.distribution.draw(
        {.entity = id.entity, .purpose = purpose, .occurrence = id.occurrence}, chooser);
    if (!drawn) return std::nullopt;
  } else {
    std::uint32_t k = kMedian;
    if (!std::holds_alternative<Constant>(form_)) {
      const std::uint32_t choice = chooser.pick(id, kQuantiles);
      if (choice != 0) k = choice;
    }
    drawn = Duration(std::visit(
        [&](const auto& form) -> std::int64_t {
          using Chosen = std::decay_t<decltype(form)>;
          if constexpr (std::is_same_v<Chosen, Never> || std::is_same_v<Chosen, Mix>) {
            WAVETANK_CHECK(false);
          } else {
            return Quantile{k}(form);
          }
        },
        form_));
  }
  return std::clamp(*drawn, bounds_.min, bounds_.max);
}

std::optional<Duration> Distribution::constant() const {
  const Constant* form = std::get_if<Constant>(&form_);
  if (form == nullptr) return std::nullopt;
  return std::clamp(form->value, bounds_.min, bounds_.max);
}

Distribution::Lognormal lognormal(Duration median, HighQuantile which, Duration high) {
  WAVETANK_CHECK(median > Duration::zero());
  WAVETANK_CHECK(high >= median);
  const Fixed spread = natural_log(static_cast<std::uint64_t>(high.count())) -
                       natural_log(static_cast<std::uint64_t>(median.count()));
  return {.median = median,
          .sigma = quotient(spread, which == HighQuantile::P95 ? kNormalP95 : kNormalP99)};
}

void shorten(std::vector<std::uint32_t>& weights) {
  std::uint32_t divisor = 0;
  for (const std::uint32_t weight : weights) divisor = std::gcd(divisor, weight);
  WAVETANK_CHECK(divisor != 0);
  for (std::uint32_t& weight : weights) weight /= divisor;
}

std::size_t draw_weighted(const std::vector<std::uint32_t>& weights, const ChoiceId& id,
                          Chooser& chooser) {
  const std::uint32_t total = std::accumulate(weights.begin(), weights.end(), 0U);
  std::uint32_t choice = chooser.pick(id, total);
  std::size_t chosen = 0;
  while (choice >= weights.at(chosen)) choice -= weights[chosen++];
  return chosen;
}

}  // namespace wavetank::base
