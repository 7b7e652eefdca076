# The rules under rules/ are compiled into the lint layer; a mistake in one fails the build.
add_executable(rulegen ${CMAKE_CURRENT_SOURCE_DIR}/lint/rulegen/main.cc
                       ${CMAKE_CURRENT_SOURCE_DIR}/lint/match_syntax.cc)
target_include_directories(rulegen PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
target_link_libraries(rulegen PRIVATE wavetank_yaml fmt::fmt)
file(GLOB_RECURSE rule_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/*.yaml)
set(generated ${CMAKE_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${generated}/lint/checks.h ${generated}/lint/catalogue_data.cc
  COMMAND rulegen ${CMAKE_SOURCE_DIR}/rules ${generated}
  COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${generated}/lint/checks.h
          ${generated}/lint/catalogue_data.cc
  DEPENDS rulegen ${rule_files} ${CMAKE_SOURCE_DIR}/rules/rule.schema.json
  COMMENT "Compiling the rules")
target_sources(wavetank_lint PRIVATE
  ${generated}/lint/checks.h ${generated}/lint/catalogue_data.cc)
target_include_directories(wavetank_lint PUBLIC ${generated})
# A check without a rule has no declaration, and that fails the build.
target_compile_options(wavetank_lint PRIVATE
  $<$<CXX_COMPILER_ID:GNU>:-Wmissing-declarations> $<$<CXX_COMPILER_ID:Clang>:-Wmissing-prototypes>)
