// The functions behind the rules, by family. Each looks at one application and reports; lint.cc
// calls the one that a rule names.
#pragma once

#include "lint/report_builder.h"

namespace wavetank::lint::checks {

// annotation.cc
void unknown_hook_type(const Context& context, Reporter& reporter);
void unknown_delete_policy(const Context& context, Reporter& reporter);
void non_string_value(const Context& context, Reporter& reporter);
void misspelled_annotation(const Context& context, Reporter& reporter);
void directive_on_pod_template(const Context& context, Reporter& reporter);
void directive_as_label(const Context& context, Reporter& reporter);

// hook.cc
void named_hook_never_reruns(const Context& context, Reporter& reporter);
void data_bearing_kind(const Context& context, Reporter& reporter);
void deleted_while_used(const Context& context, Reporter& reporter);
void missing_delete_policy(const Context& context, Reporter& reporter);

// helm.cc
void upgrade_hook_on_install(const Context& context, Reporter& reporter);
void mixed_hooks(const Context& context, Reporter& reporter);

// job.cc
void hook_job_without_deadline(const Context& context, Reporter& reporter);
void restart_policy(const Context& context, Reporter& reporter);

// order.cc
void hook_needs_later_phase(const Context& context, Reporter& reporter);
void dependency_in_later_wave(const Context& context, Reporter& reporter);
void wave_not_integer(const Context& context, Reporter& reporter);

// gate.cc
void claim_gates_consumer(const Context& context, Reporter& reporter);
void suspended_gates_sync(const Context& context, Reporter& reporter);

// option.cc
void unknown_sync_option(const Context& context, Reporter& reporter);

// across.cc
void duplicate_key(const Context& context, Reporter& reporter);

}  // namespace wavetank::lint::checks
