# How a fuzz target is added and instrumented. The engine is one source file that is compiled into the
# target, so that one target source serves libFuzzer, AFL++, coverage and replay. Used by sockdrill
# itself and, through find_package(sockdrill), by projects that have targets of their own.

set(SOCKDRILL_ENGINE replay CACHE STRING "What drives the targets: replay, libfuzzer or afl")
set_property(CACHE SOCKDRILL_ENGINE PROPERTY STRINGS replay libfuzzer afl)
option(SOCKDRILL_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(SOCKDRILL_COVERAGE "Build with clang's source-based coverage" OFF)

set(SOCKDRILL_ENGINES_DIR ${CMAKE_CURRENT_LIST_DIR}/../engines)

# Flags for all that this folder and those below build: sanitizers, coverage, the engine's own.
function(sockdrill_instrument)
  if(NOT SOCKDRILL_ENGINE MATCHES "^(replay|libfuzzer|afl)$")
    message(FATAL_ERROR "SOCKDRILL_ENGINE is replay, libfuzzer or afl, not ${SOCKDRILL_ENGINE}")
  endif()
  if(SOCKDRILL_ENGINE STREQUAL "libfuzzer" AND NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SOCKDRILL_ENGINE=libfuzzer needs clang, not ${CMAKE_C_COMPILER}; "
                        "with gcc only SOCKDRILL_ENGINE=replay can be built")
  endif()
  if(SOCKDRILL_ENGINE STREQUAL "afl" AND NOT CMAKE_C_COMPILER MATCHES "afl-")
    message(FATAL_ERROR "SOCKDRILL_ENGINE=afl needs CMAKE_C_COMPILER=afl-clang-fast, "
                        "not ${CMAKE_C_COMPILER}")
  endif()
  if(SOCKDRILL_SANITIZE)
    set(flags -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  endif()
  if(SOCKDRILL_COVERAGE)
    # A clause can be taken out there, so that what is done without it can be covered: ci/spec-coverage.
    list(APPEND flags -fprofile-instr-generate -fcoverage-mapping -DSOCKDRILL_CLAUSE_REMOVAL)
  endif()
  if(SOCKDRILL_ENGINE STREQUAL "libfuzzer")
    list(APPEND flags -fsanitize=fuzzer-no-link)
  endif()
  add_compile_options(${flags})
  add_link_options(${flags})
endfunction()

# The forms of input: drills (any; of streams only; of datagrams only; with a remote), and lines of
# text or bytes.
set(SOCKDRILL_INPUTS drill stream datagram remote text bytes)

# sockdrill_add_target(NAME [INPUT form] SOURCES file... [MAIN file] [LIBRARIES library...])
# builds the fuzz target NAME (slashes allowed: sequence/tcp) for the engine of this build. INPUT is
# one of SOCKDRILL_INPUTS; the default is remote, which all macros take whose code uses sockets. MAIN
# is a program's source with its main, for SOCKDRILL_MAIN.
function(sockdrill_add_target name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "INPUT;MAIN" "SOURCES;LIBRARIES")
  if(NOT arg_SOURCES)
    message(FATAL_ERROR "sockdrill_add_target(${name}): SOURCES is missing")
  endif()
  if(NOT arg_INPUT)
    set(arg_INPUT remote)
  endif()
  if(NOT arg_INPUT IN_LIST SOCKDRILL_INPUTS)
    message(FATAL_ERROR "sockdrill_add_target(${name}): INPUT ${arg_INPUT} is none of: ${SOCKDRILL_INPUTS}")
  endif()
  set(rules any)
  if(arg_INPUT MATCHES "^(stream|datagram|remote)$")
    set(rules ${arg_INPUT})
  endif()
  string(REPLACE "/" "_" id ${name})
  get_filename_component(folder ${name} DIRECTORY)
  get_filename_component(file ${name} NAME)
  set(engine_link)
  if(SOCKDRILL_ENGINE STREQUAL "libfuzzer")
    set(engine_link -fsanitize=fuzzer)
  endif()
  if(arg_MAIN) # compiled once for each target, so that other builds of the file keep its main
    add_library(${id}_main OBJECT ${arg_MAIN})
    target_compile_definitions(${id}_main PRIVATE main=sockdrill_main)
    target_compile_options(${id}_main PRIVATE -Wno-missing-prototypes) # main needs none
    list(APPEND arg_SOURCES $<TARGET_OBJECTS:${id}_main>)
  endif()
  add_executable(${id} ${arg_SOURCES}
    ${SOCKDRILL_ENGINES_DIR}/${SOCKDRILL_ENGINE}.c ${SOCKDRILL_ENGINES_DIR}/start.c)
  target_link_libraries(${id} PRIVATE sockdrill::sockdrill ${arg_LIBRARIES})
  if(arg_INPUT STREQUAL "remote") # the C library's functions, replaced: see harness/interpose
    target_link_libraries(${id} PRIVATE sockdrill::sockdrill_interpose)
  endif()
  target_link_options(${id} PRIVATE ${engine_link})
  target_compile_definitions(${id} PRIVATE SOCKDRILL_RULES=drill_rules_${rules})
  set_target_properties(${id} PROPERTIES
    OUTPUT_NAME ${file}
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/targets/${folder})
  set_property(GLOBAL APPEND PROPERTY SOCKDRILL_TARGETS "${name}|${arg_INPUT}")
endfunction()
