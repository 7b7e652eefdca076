#include "lint/checks/producers.h"

#include <algorithm>
#include <array>

#include "lint/catalogue.h"
#include "lint/checks/facts.h"
#include "model/references.h"

namespace wavetank::lint::checks {

namespace {

// The text at a path of keys separated by points.
std::string_view text_at(const model::Resource& resource, std::string_view path) {
  yaml::NodeId node = resource.root;
  while (!path.empty()) {
    const auto end = std::min(path.find('.'), path.size());
    node = resource.tree->find(node, path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return resource.tree->has_type(node, yaml::ScalarType::String) ? resource.tree->node(node).text
                                                                 : std::string_view{};
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

// Variables whose whole value is a host.
bool names_a_host(std::string_view variable) {
  constexpr std::array<std::string_view, 8> kWords{"HOST", "URL", "ADDR",   "SERVER",
                                                   "URI",  "DSN", "BROKER", "ENDPOINT"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    return variable.find(word) != std::string_view::npos;
  });
}

class HostReader {
 public:
  explicit HostReader(const yaml::Tree& tree) : tree_(tree) {}

  void container(yaml::NodeId container) {
    for (const yaml::NodeId variable : tree_.items(tree_.find(container, "env"))) {
      const yaml::NodeId value = tree_.find(variable, "value");
      if (!tree_.is_scalar(value)) continue;
      const std::string_view text = tree_.node(value).text;
      const bool is_host = names_a_host(tree_.string(variable, {"name"})) &&
                           std::all_of(text.begin(), text.end(), is_host_character);
      if (is_host) {
        add(text, tree_.node(value).span);
      } else {
        scan(value);
      }
    }
    for (const std::string_view list : {"command", "args"}) {
      for (const yaml::NodeId item : tree_.items(tree_.find(container, list))) scan(item);
    }
  }

  std::vector<HostMention> take() { return std::move(found_); }

 private:
  void add(std::string_view host, source::Span span) {
    const std::string_view name = host.substr(0, host.find('.'));
    if (!name.empty()) found_.push_back({.host = name, .span = span});
  }

  // Hosts in running text: behind "://" or "@", with a port behind them, or ending in ".svc…".
  void scan(yaml::NodeId node) {
    if (!tree_.is_scalar(node)) return;
    const std::string_view text = tree_.node(node).text;
    for (std::size_t at = 0; at < text.size();) {
      if (!is_host_character(text[at])) {
        ++at;
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && is_host_character(text[end])) ++end;
      const std::string_view word = text.substr(at, end - at);
      const bool follows =
          at >= 1 && (text[at - 1] == '@' || (at >= 3 && text.substr(at - 3, 3) == "://"));
      const bool has_port = end + 1 < text.size() && text[end] == ':' && text[end + 1] >= '0' &&
                            text[end + 1] <= '9' &&
                            word.find_first_not_of("0123456789.") != std::string_view::npos;
      const bool is_service = word.find(".svc") != std::string_view::npos;
      // An image or a time looks like a host with a port, too, but is no Service of the
      // application.
      if (follows || has_port || is_service) add(word, tree_.node(node).span);
      at = end;
    }
  }

  const yaml::Tree& tree_;
  std::vector<HostMention> found_;
};

}  // namespace

std::string_view produced_secret(const model::Resource& resource) {
  const DataRow* row = row_of("secret-producers", resource.key);
  if (row == nullptr) return {};
  for (const std::string_view path : row->values) {
    const std::string_view name = text_at(resource, path);
    if (!name.empty()) return name;
  }
  return {};
}

const model::Resource* secret_producer(const Context& context, std::string_view name,
                                       std::string_view name_space) {
  for (const model::Resource& resource : context.bundle.resources) {
    if (resource.key.name_space == name_space && produced_secret(resource) == name) {
      return &resource;
    }
  }
  return nullptr;
}

std::vector<HostMention> hosts_of(const model::Resource& resource) {
  HostReader reader(*resource.tree);
  const yaml::NodeId spec = model::pod_spec_of(resource);
  for (const std::string_view list : {"initContainers", "containers"}) {
    for (const yaml::NodeId item : resource.tree->items(resource.tree->find(spec, list))) {
      reader.container(item);
    }
  }
  return reader.take();
}

}  // namespace wavetank::lint::checks
