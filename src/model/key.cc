#include "model/key.h"

namespace wavetank::model {

std::uint64_t hash(const Key& key) {
  std::uint64_t mixed = 0;
  for (const auto symbol : {key.group, key.kind, key.name_space, key.name}) {
    mixed = (mixed ^ symbol.value) * 0x9E3779B97F4A7C15ULL;
    mixed ^= mixed >> 29U;
  }
  return mixed;
}

Key intern(const ObjectKey& key, base::Interner& interner) {
  return {.group = interner.intern(key.group),
          .kind = interner.intern(key.kind),
          .name_space = interner.intern(key.name_space),
          .name = interner.intern(key.name)};
}

ObjectKey resolve(const Key& key, const base::Interner& interner) {
  return {.group = std::string(interner.text(key.group)),
          .kind = std::string(interner.text(key.kind)),
          .name_space = std::string(interner.text(key.name_space)),
          .name = std::string(interner.text(key.name))};
}

bool less(const Key& a, const Key& b, const base::Interner& interner) {
  if (a.group != b.group) return interner.text(a.group) < interner.text(b.group);
  if (a.kind != b.kind) return interner.text(a.kind) < interner.text(b.kind);
  if (a.name_space != b.name_space) {
    return interner.text(a.name_space) < interner.text(b.name_space);
  }
  return a.name != b.name && interner.text(a.name) < interner.text(b.name);
}

std::string short_name(const ObjectKey& key) { return key.kind + "/" + key.name; }

std::string full_name(const ObjectKey& key) {
  return key.group + "/" + key.kind + "/" + key.name_space + "/" + key.name;
}

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
}

std::string_view version_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? api_version : api_version.substr(slash + 1);
}

}  // namespace wavetank::model
