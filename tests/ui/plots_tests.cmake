foreach(name tst_plot_view tst_stage_texts tst_pipeline_panel tst_transfer_plot tst_error_plot tst_plot_export)
    qbn_add_test(ui ${name} LIBS qbn_ui)
endforeach()
