# cmake --install: programs, icon, desktop entry, metainfo, MIME type of sessions.
set(qbn_id io.github.qbn_explorer.QbnExplorer)
install(TARGETS qbn qbn-explorer RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES resources/icons/qbn-explorer.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps
        RENAME ${qbn_id}.svg)
install(FILES resources/${qbn_id}.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES resources/${qbn_id}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES resources/${qbn_id}.mime.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME ${qbn_id}.xml)
