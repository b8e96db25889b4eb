# What every target of this project shares: warnings as errors, include paths from the root, Qt's strictness.
add_library(qbn_options INTERFACE)
target_compile_options(qbn_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Werror
    -Wno-missing-field-initializers) # a designated initializer names what matters; the rest has its default
# The checks that sanitizers insert make GCC see uninitialized variables where there are none; its manual advises against -Werror
# with them. The warning stays on in the other builds.
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "-fsanitize=" AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(qbn_options INTERFACE -Wno-maybe-uninitialized)
endif()
target_compile_features(qbn_options INTERFACE cxx_std_20)

function(qbn_add_library name)
    add_library(${name} STATIC ${ARGN})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PRIVATE qbn_options)
endfunction()

# A library or program that uses Qt's meta objects.
function(qbn_use_qt name)
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_compile_definitions(${name} PRIVATE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
                                               QT_NO_URL_CAST_FROM_STRING QT_STRICT_ITERATORS)
endfunction()
