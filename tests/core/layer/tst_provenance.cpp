#include "core/layer/provenance.h"
#include "tests/support/room.h"

#include <QTest>

using namespace qbn;

class TestProvenance : public QObject
{
    Q_OBJECT

private slots:
    void namesReadBack();
    void aChannelsOwnEntryStandsBesideTheFields();
    void settingTheFieldForgetsTheChannels();
    void unsetIsUnknown();
};

void TestProvenance::namesReadBack()
{
    for (const Field field : all_fields)
        QVERIFY(parse_field(name_of(field)) == field);
    for (std::size_t i = 0; i < origin_count; ++i)
        QVERIFY(parse_origin(name_of(static_cast<Origin>(i))) == static_cast<Origin>(i));
    QVERIFY(!parse_field("sigma"));
    QVERIFY(!parse_origin("guess"));
}

void TestProvenance::aChannelsOwnEntryStandsBesideTheFields()
{
    LayerProvenance provenance;
    provenance.set(Field::mean, {Origin::file, "running_mean"});
    provenance.set_channel(Field::mean, 2, {Origin::typed, {}});
    QCOMPARE(provenance.of(Field::mean, 2).origin, Origin::typed);
    QCOMPARE(provenance.of(Field::mean, 1).origin, Origin::file);
    QCOMPARE(provenance.of(Field::mean).note, std::string("running_mean"));
    QCOMPARE(provenance.of(Field::var, 2).origin, Origin::unknown);
}

void TestProvenance::settingTheFieldForgetsTheChannels()
{
    LayerProvenance provenance;
    provenance.set_channel(Field::gamma, 0, {Origin::typed, {}});
    provenance.set(Field::gamma, {Origin::proposed, "statistics"});
    QCOMPARE(provenance.of(Field::gamma, 0).origin, Origin::proposed);
    QVERIFY(provenance.channels(Field::gamma).empty());
}

void TestProvenance::unsetIsUnknown()
{
    const LayerProvenance provenance;
    for (const Field field : all_fields)
        QCOMPARE(provenance.of(field).origin, Origin::unknown);
}

QBN_TEST(TestProvenance)
#include "tst_provenance.moc"
