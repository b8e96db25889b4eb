#include "tests/conformance/double_rounding.h"

#include <cstdlib>
#include <vector>

namespace qbn::conformance {

namespace {

/// alpha * x = odd * 2^(31 - shift) + rest in units of 2^-(55 - shift), for a sum of binade 0: the
/// product ends half an ulp from where a binary32 number is, but for a rest that binary64 loses.
struct Product
{
    std::int32_t x;
    std::int64_t alpha; ///< 24 bits
    int shift;
};

std::vector<Product> allProducts()
{
    constexpr std::int64_t leastMantissa = 1 << 23;
    std::vector<Product> products;
    for (int shift = 0; shift <= 2; ++shift) {
        for (std::int64_t odd = 1; odd < 2 << shift; odd += 2) {
            for (std::int64_t rest = -(4 >> shift); rest <= 4 >> shift; ++rest) {
                const std::int64_t product = (odd << (31 - shift)) + rest;
                for (std::int32_t x = 1; x < 256; ++x) {
                    const std::int64_t alpha = product / x;
                    if (rest != 0 && product % x == 0 && alpha >= leastMantissa
                        && alpha < 2 * leastMantissa)
                        products.push_back({x, alpha, shift});
                }
            }
        }
    }
    return products;
}

bool isDecided(float alpha, std::int32_t x, float beta)
{
    const float fused = std::fma(alpha, static_cast<float>(x), beta);
    const double inBinary64 = double{alpha} * x + double{beta};
    return std::nearbyint(fused) != std::nearbyint(static_cast<float>(inBinary64));
}

/// Tries binades and boundaries of output codes until the rest decides.
void drawDecidedChannel(BatchNormLayer& layer, int channel, std::span<const Product> products,
                        float sign, Random& random)
{
    for (;;) {
        const auto product = random.oneOf<Product>(products);
        const int binade = random.integer(3, 7);
        const int steps = random.integer(1 << binade, (2 << binade) - 2);
        const auto alpha
            = static_cast<float>(std::ldexp(product.alpha, binade - 55 + product.shift));
        const float middle = static_cast<float>(steps) + 0.5F;
        const float beta
            = middle - static_cast<float>(std::ldexp(random.integer(0, 4), binade - 23));
        if (!isDecided(alpha, product.x, beta))
            continue;
        layer.gamma[channel] = sign * alpha;
        layer.beta[channel] = sign * beta;
        return;
    }
}

} // namespace

BatchNormLayer doubleRoundingLayer(const Subject& subject, int channels, Random& random)
{
    static const std::vector<Product> products = allProducts();
    BatchNormLayer layer = ordinaryFrame(subject, channels, random);
    layer.eps = 0;
    layer.input.scale = 1;
    layer.output.scale = 1;
    layer.input.zero_point = layer.input.type.qmin();
    const bool negative = !layer.relu && random.chance(0.5);
    const CodeType out = layer.output.type;
    layer.output.zero_point = negative ? out.qmax() : out.qmin();
    for (int channel = 0; channel < channels; ++channel)
        drawDecidedChannel(layer, channel, products, negative ? -1.0F : 1.0F, random);
    return layer;
}

} // namespace qbn::conformance
