# What every target of this project shares: warnings, Qt's strictness, and rooms that see only what they link.
option(QBN_WARNINGS_AS_ERRORS "Warnings are errors; for CI, where the compiler is known" OFF)

add_library(qbn_options INTERFACE)
target_compile_features(qbn_options INTERFACE cxx_std_20)
target_compile_options(qbn_options INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor
    -Wno-missing-field-initializers # a designated initializer names what matters; the rest has its default
    -Wno-sign-conversion # clang has it in -Wconversion, gcc has not: a channel is an int and an index
    $<$<BOOL:${QBN_WARNINGS_AS_ERRORS}>:-Werror>)
# The checks that sanitizers insert make GCC see uninitialized variables where there are none; its manual advises against -Werror
# with them. The warning stays on in the other builds.
if(CMAKE_CXX_FLAGS_DEBUG MATCHES "-fsanitize=" AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(qbn_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
# Of sources compiled together all but the first are taken for headers, whose anonymous namespaces would be a fault.
if(CMAKE_UNITY_BUILD)
    target_compile_options(qbn_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
# Without it the compiler fuses multiply and add where the backend does not, and codes change.
target_compile_options(qbn_options INTERFACE -ffp-contract=off)

set(QBN_QT_DEFINITIONS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_STRICT_ITERATORS)

# qbn_add_room(ui/look LINKS core/text Qt6::Widgets) makes the library ui_look of that folder's sources. Its headers are found
# only by who links it: each room has an include folder of its own, which holds nothing but a link to the room. LINKS is what its
# headers show, USES what only its sources need.
function(qbn_add_room folder)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINKS;USES")
    set_property(GLOBAL APPEND PROPERTY QBN_ROOMS ${folder})
    string(REPLACE "/" "_" name ${folder})
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp ${PROJECT_SOURCE_DIR}/${folder}/*.h)
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$") # belongs to a program
    set(include ${PROJECT_BINARY_DIR}/rooms/${name})
    cmake_path(GET folder PARENT_PATH parent)
    file(MAKE_DIRECTORY ${include}/${parent})
    if(NOT EXISTS ${include}/${folder})
        file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${include}/${folder} SYMBOLIC)
    endif()
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${include})
    list(TRANSFORM arg_LINKS REPLACE "/" "_")
    list(TRANSFORM arg_USES REPLACE "/" "_")
    target_link_libraries(${name} PUBLIC ${arg_LINKS} PRIVATE ${arg_USES} qbn_options)
    if(folder MATCHES "^(ui|app)/")
        qbn_use_qt(${name})
    elseif(folder MATCHES "^core/formats")
        target_compile_definitions(${name} PRIVATE ${QBN_QT_DEFINITIONS})
    endif()
    qbn_compile_as(${name} ${folder})
endfunction()

# How the sources of a room, or a program of it, are compiled: what knows Qt, and what does not.
function(qbn_compile_as name folder)
    set(headers standard_headers)
    if(folder MATCHES "^(core/formats|ui|app)")
        set(headers qt_headers)
        qbn_optimize_less(${name})
    endif()
    # Reading the same headers again took most of a build; each kind reads them once. Where each source is compiled on its own, as in
    # the preset `dev`, a forgotten #include shall be seen.
    if(CMAKE_UNITY_BUILD)
        qbn_precompile_headers()
        target_precompile_headers(${name} REUSE_FROM ${headers})
    endif()
endfunction()

# What waits for a person or a file gains nothing from the last passes, which take a fifth of its compilation; gcc's warning needs them to
# be right.
function(qbn_optimize_less name)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>
        $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-Wno-maybe-uninitialized>)
endfunction()

# Two libraries of nothing but a precompiled header. Who reuses one must optimize as it does.
function(qbn_precompile_headers)
    if(TARGET qt_headers)
        return()
    endif()
    set(nothing ${PROJECT_BINARY_DIR}/generated/nothing.cpp)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/generated)
    file(TOUCH ${nothing})
    add_library(standard_headers OBJECT ${nothing})
    add_library(qt_headers OBJECT ${nothing})
    target_link_libraries(standard_headers PRIVATE qbn_options)
    # Who reuses it may define more, as what links Qt6::Widgets does, and not less.
    target_link_libraries(qt_headers PRIVATE qbn_options Qt6::Core)
    target_include_directories(qt_headers SYSTEM PRIVATE $<TARGET_PROPERTY:Qt6::Gui,INTERFACE_INCLUDE_DIRECTORIES>
        $<TARGET_PROPERTY:Qt6::Widgets,INTERFACE_INCLUDE_DIRECTORIES>)
    target_compile_definitions(qt_headers PRIVATE ${QBN_QT_DEFINITIONS})
    qbn_optimize_less(qt_headers)
    set(standard <algorithm> <array> <charconv> <cmath> <functional> <map> <memory> <numeric> <optional> <set> <span> <stop_token>
        <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>)
    target_precompile_headers(standard_headers PRIVATE ${standard})
    target_precompile_headers(qt_headers PRIVATE ${standard} <QAction> <QApplication> <QClipboard> <QComboBox> <QDialog> <QFileInfo>
        <QHash> <QJsonArray> <QJsonObject> <QLabel> <QLineEdit> <QMenu> <QMouseEvent> <QPainter> <QPushButton> <QRegularExpression>
        <QStringList> <QTableView> <QTimer> <QToolButton> <QVBoxLayout>)
endfunction()

# A library or program that uses Qt's meta objects: moc makes moc_NAME.cpp of a header with Q_OBJECT, which NAME.cpp includes, and
# NAME.moc of a source. AUTOMOC takes a second a target to find out what moc does in milliseconds. A file that gets its first Q_OBJECT is
# seen when cmake runs again.
function(qbn_use_qt name)
    target_compile_definitions(${name} PRIVATE ${QBN_QT_DEFINITIONS})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc)
    file(MAKE_DIRECTORY ${folder})
    target_include_directories(${name} PRIVATE ${folder})
    get_target_property(sources ${name} SOURCES)
    foreach(source ${sources})
        cmake_path(ABSOLUTE_PATH source)
        file(STRINGS ${source} marks REGEX "^ *Q_OBJECT$" LIMIT_COUNT 1)
        if(marks)
            cmake_path(GET source STEM stem)
            set(moc ${folder}/${stem}.moc)
            if(source MATCHES "\\.h$")
                set(moc ${folder}/moc_${stem}.cpp)
            endif()
            qt_generate_moc(${source} ${moc})
            target_sources(${name} PRIVATE ${moc})
            set_source_files_properties(${moc} PROPERTIES HEADER_FILE_ONLY ON)
        endif()
    endforeach()
endfunction()
