# One static library and one test binary per layer. A new .cc file in a layer's folder (or in
# tests/<layer>) is picked up by itself.

add_library(wavetank_options INTERFACE)
target_compile_features(wavetank_options INTERFACE cxx_std_20)
target_compile_options(wavetank_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -ffp-contract=off
  # Designated initialisers name what differs from the defaults; leaving the rest out is the point.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of g++ 12: on `"text" + string` (GCC bug 105651), and on strings that designated
  # initialisers leave out (GCC bug 105562). clang and the sanitizers watch over both.
  target_compile_options(wavetank_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized)
endif()
if(WAVETANK_WERROR)
  target_compile_options(wavetank_options INTERFACE -Werror)
endif()
if(WAVETANK_SANITIZE)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(wavetank_options INTERFACE ${sanitizers})
  target_link_options(wavetank_options INTERFACE ${sanitizers})
endif()

# wavetank_layer(name LINK <libraries…>): src/<name>/**.cc as library wavetank_<name>.
function(wavetank_layer name)
  cmake_parse_arguments(layer "" "" "LINK" ${ARGN})
  set(root ${CMAKE_SOURCE_DIR}/src)
  if(WAVETANK_MUTANTS AND name STREQUAL "sync")
    set(root ${WAVETANK_MUTANTS})
  endif()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${root}/${name}/*.cc ${root}/${name}/*.h)
  list(FILTER sources EXCLUDE REGEX "/main\\.cc$")
  list(FILTER sources EXCLUDE REGEX "/src/lint/rulegen/|/src/health/tablegen/")
  if(NOT sources)
    return()
  endif()
  add_library(wavetank_${name} STATIC ${sources})
  set_target_properties(wavetank_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(wavetank_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(wavetank_${name} PUBLIC wavetank_options ${layer_LINK})
endfunction()

# wavetank_test(name LINK <libraries…>): tests/<name>/*_test.cc as binary test_<name>.
function(wavetank_test name)
  cmake_parse_arguments(test "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE
    ${test_LINK} wavetank_test_support Catch2::Catch2WithMain rapidcheck rapidcheck_catch)
  add_test(NAME ${name} COMMAND test_${name} --order lex WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
