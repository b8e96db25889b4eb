#include "core/evaluate/audit_run.h"

#include "core/parallel/shared_work.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace qbn {

namespace {

constexpr int channels_at_once = 16; // some 100 microseconds

/// A few channels of one layer.
struct Chunk
{
    std::size_t layer = 0;
    int first = 0;
    int end = 0;
};

/// A layer under way: whoever is the first to come makes room, whoever is the last finishes it.
struct LayerWork
{
    std::once_flag begun;
    std::atomic<int> chunks_left = 0;
    std::vector<WeightedValue> outputs; ///< one for each input code of each channel
};

std::vector<Chunk> chunks_of(std::span<const AuditTask> tasks)
{
    std::vector<Chunk> chunks;
    for (std::size_t layer = 0; layer < tasks.size(); ++layer) {
        const int channels = tasks[layer].layer->channels();
        int first = 0;
        do {
            const int end = first + std::min(channels_at_once, channels - first);
            chunks.push_back({.layer = layer, .first = first, .end = end});
            first = end;
        } while (first < channels);
    }
    return chunks;
}

/// A channel's numbers depend on nothing else and have a place of their own, so which thread computed them is not seen.
class Run
{
public:
    Run(std::span<const AuditTask> tasks, const AuditRun& how)
        : tasks_(tasks)
        , how_(how)
        , chunks_(chunks_of(tasks))
        , work_(std::make_unique<LayerWork[]>(tasks.size()))
        , results_(tasks.size())
    {
        for (const Chunk& chunk : chunks_)
            ++work_[chunk.layer].chunks_left;
    }

    std::size_t chunks() const { return chunks_.size(); }

    void work(std::size_t index)
    {
        if (how_.stop.stop_requested())
            return;
        const Chunk& chunk = chunks_[index];
        audit_chunk(chunk);
        if (--work_[chunk.layer].chunks_left == 0)
            finish(chunk.layer);
        report(chunk.end - chunk.first);
    }

    std::vector<LayerAudit> take() { return std::move(results_); }

private:
    void audit_chunk(const Chunk& chunk)
    {
        const AuditTask& task = tasks_[chunk.layer];
        const BatchNormLayer& layer = *task.layer;
        LayerWork& work = work_[chunk.layer];
        LayerAudit& result = results_[chunk.layer];
        const auto codes = static_cast<std::size_t>(layer.input.type.count());
        std::call_once(work.begun, [&] {
            const auto channels = static_cast<std::size_t>(layer.channels());
            work.outputs = outputs_of(codes * channels);
            result.channels.resize(channels);
        });
        std::array<double, 256> room{};
        for (int channel = chunk.first; channel < chunk.end; ++channel) {
            const auto at = static_cast<std::size_t>(channel);
            std::span<const double> weights = std::span(room).first(codes);
            if (task.counted)
                weights = task.counted->weights(channel);
            else
                CodeDistribution::normal(layer, channel, std::span(room).first(codes));
            result.channels[at] = audit_channel(layer, channel, weights,
                                                std::span(work.outputs).subspan(at * codes, codes));
        }
    }

    void finish(std::size_t layer)
    {
        LayerWork& work = work_[layer];
        finish_audit(results_[layer], *tasks_[layer].layer, work.outputs);
        const std::scoped_lock lock(sharing_);
        spare_.push_back(std::move(work.outputs));
    }

    /// Of a layer that is finished, if any: new memory is cleared by the system page by page.
    std::vector<WeightedValue> outputs_of(std::size_t size)
    {
        std::vector<WeightedValue> outputs;
        {
            const std::scoped_lock lock(sharing_);
            if (!spare_.empty()) {
                outputs = std::move(spare_.back());
                spare_.pop_back();
            }
        }
        outputs.resize(size);
        return outputs;
    }

    void report(int channels)
    {
        if (!how_.progress)
            return;
        const std::scoped_lock lock(reporting_);
        done_ += channels;
        how_.progress(done_);
    }

    std::span<const AuditTask> tasks_;
    const AuditRun& how_;
    std::vector<Chunk> chunks_;
    std::unique_ptr<LayerWork[]> work_;
    std::vector<LayerAudit> results_;
    std::mutex sharing_;
    std::vector<std::vector<WeightedValue>> spare_;
    std::mutex reporting_;
    int done_ = 0;
};

} // namespace

std::optional<std::vector<LayerAudit>> audit_all(std::span<const AuditTask> tasks,
                                                 const AuditRun& how)
{
    Run run(tasks, how);
    parallel::each(run.chunks(), how.threads, [&run](std::size_t chunk) { run.work(chunk); });
    if (how.stop.stop_requested())
        return std::nullopt;
    return run.take();
}

} // namespace qbn
