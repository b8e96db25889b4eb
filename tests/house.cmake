# Each room sees its own headers and none of a room that stands later: in core before ui before app, in the order of their
# CMakeLists.txt; and no panel sees another one. house/core_text compiles a file that asks for one header of each.
get_property(rooms GLOBAL PROPERTY QBN_ROOMS)
set(house ${CMAKE_CURRENT_BINARY_DIR}/house)

# The first header of a room, by which others would include it.
function(qbn_header_of folder result)
    file(GLOB headers RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/${folder}/*.h)
    list(GET headers 0 header)
    set(${result} ${header} PARENT_SCOPE)
endfunction()

# Compiles FILE as a source of the room would be.
function(qbn_compile_in folder test file)
    string(REPLACE "/" "_" room ${folder})
    set(include_folders $<TARGET_PROPERTY:${room},INCLUDE_DIRECTORIES>)
    add_test(NAME ${test} COMMAND ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only "-I$<JOIN:${include_folders},;-I>" ${file}
             COMMAND_EXPAND_LISTS)
    set_tests_properties(${test} PROPERTIES LABELS house ENVIRONMENT "LC_ALL=C")
endfunction()

foreach(folder ${rooms})
    qbn_header_of(${folder} header)
    set(text "#if !__has_include(\"${header}\")\n#error ${folder} does not see itself\n#endif\n")
    set(is_later FALSE)
    foreach(other ${rooms})
        if(folder STREQUAL other)
            set(is_later TRUE)
        elseif(is_later OR (folder MATCHES "^ui/panels/" AND other MATCHES "^ui/panels/"))
            qbn_header_of(${other} header)
            string(APPEND text "#if __has_include(\"${header}\")\n#error ${folder} sees ${other}\n#endif\n")
        endif()
    endforeach()
    string(REPLACE "/" "_" room ${folder})
    file(CONFIGURE OUTPUT ${house}/${room}.cpp CONTENT "${text}" @ONLY)
    qbn_compile_in(${folder} house/${room} ${house}/${room}.cpp)
endforeach()

# And as somebody meets it, who includes what the room may not see. The right include beside it shows that the wrong one alone fails.
file(CONFIGURE OUTPUT ${house}/right_include.cpp CONTENT "#include \"core/text/result.h\"\n")
file(CONFIGURE OUTPUT ${house}/wrong_include.cpp CONTENT "#include \"core/layer/batch_norm.h\"\n")
qbn_compile_in(core/text house/right_include ${house}/right_include.cpp)
qbn_compile_in(core/text house/wrong_include ${house}/wrong_include.cpp)
set_tests_properties(house/wrong_include PROPERTIES PASS_REGULAR_EXPRESSION "core/layer/batch_norm.h: No such file")
