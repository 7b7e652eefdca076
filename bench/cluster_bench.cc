// Whole syncs of an application against the fake cluster, from an empty cluster to the last health.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "load/bundle.h"
#include "sim/simulate.h"
