foreach(name tst_document tst_selection)
    qbn_add_test(ui ${name} LIBS qbn_document)
endforeach()

foreach(name tst_agreement_image tst_agreement_panel tst_difference_model tst_why_panel)
    qbn_add_test(ui ${name} LIBS qbn_ui)
endforeach()
foreach(name tst_channel_model tst_code_model tst_finding_model tst_backend_model tst_parameter_panel
             tst_channel_panel tst_code_panel tst_backend_panel tst_finding_panel tst_accessibility tst_audit_panel tst_fold_dialog tst_help_panel
             tst_explain_panel)
    qbn_add_test(ui ${name} LIBS qbn_ui)
endforeach()
