# The health table under rules/data/health/ is compiled into the health layer; a mistake in it fails
# the build.
add_executable(tablegen
  ${CMAKE_CURRENT_SOURCE_DIR}/health/tablegen/main.cc
  ${CMAKE_CURRENT_SOURCE_DIR}/health/tablegen/compiler.cc)
target_link_libraries(tablegen PRIVATE
  wavetank_yaml wavetank_options fmt::fmt nlohmann_json::nlohmann_json)
file(GLOB health_tables CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/data/health/*.yaml)
set(health_data ${CMAKE_BINARY_DIR}/generated/health/table_data.cc)
add_custom_command(
  OUTPUT ${health_data}
  COMMAND tablegen ${CMAKE_SOURCE_DIR}/rules/data/health ${CMAKE_BINARY_DIR}/generated
  COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${health_data}
  DEPENDS tablegen ${health_tables}
  COMMENT "Compiling the health table")
target_sources(wavetank_health PRIVATE ${health_data})
