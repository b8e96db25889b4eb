foreach(name tst_theme tst_fixed_pitch_face tst_formula tst_number_line tst_stage_card tst_float_edit tst_number_step
             tst_int_edit tst_slider_range tst_value_slider)
    qbn_add_test(ui ${name} LIBS qbn_widgets)
endforeach()
