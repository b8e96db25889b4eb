#pragma once

// What exported HLS code uses of AMD's ap_int.h, of up to 64 bits, for a compiler that has no such header.

#include <type_traits>

template <int W, bool S> class ap_whole
{
public:
    ap_whole() = default;
    template <typename T, typename = std::enable_if_t<std::is_integral<T>::value>>
    ap_whole(T value) // as there, not explicit
        : value_(wrapped(value))
    { }
    template <int V, bool R>
    ap_whole(const ap_whole<V, R>& other)
        : value_(wrapped(other.wide()))
    { }

    __int128 wide() const { return value_; }
    int to_int() const { return static_cast<int>(value_); }
    explicit operator int() const { return to_int(); }

    ap_whole operator<<(int n) const { return from(static_cast<unsigned __int128>(value_) << n); }
    ap_whole operator>>(int n) const { return from(value_ >> n); }

private:
    static ap_whole from(__int128 value)
    {
        ap_whole result;
        result.value_ = wrapped(value);
        return result;
    }
    static __int128 wrapped(__int128 value)
    {
        const __int128 low = value & ((static_cast<__int128>(1) << W) - 1);
        return S && (low >> (W - 1)) != 0 ? low - (static_cast<__int128>(1) << W) : low;
    }
    template <int V, bool R> friend class ap_whole;
    friend struct ap_wide;

    __int128 value_ = 0;
};

template <int W> using ap_int = ap_whole<W, true>;
template <int W> using ap_uint = ap_whole<W, false>;

/// A result of more bits than its operands.
struct ap_wide
{
    __int128 value;
    int to_int() const { return static_cast<int>(value); }
    template <int W, bool S> operator ap_whole<W, S>() const { return ap_whole<W, S>::from(value); }
};

#define QBN_AP_OPERATOR(sign)                                                                      \
    template <int W, bool S>                                                                       \
    ap_wide operator sign(const ap_whole<W, S>& a, const ap_whole<W, S>& b)                        \
    {                                                                                              \
        return {a.wide() sign b.wide()};                                                           \
    }                                                                                              \
    template <int W, bool S> ap_wide operator sign(const ap_whole<W, S>& a, int b)                 \
    {                                                                                              \
        return {a.wide() sign b};                                                                  \
    }                                                                                              \
    template <int W, bool S> ap_wide operator sign(int a, const ap_whole<W, S>& b)                 \
    {                                                                                              \
        return {a sign b.wide()};                                                                  \
    }                                                                                              \
    inline ap_wide operator sign(ap_wide a, int b)                                                 \
    {                                                                                              \
        return {a.value sign b};                                                                   \
    }                                                                                              \
    template <int W, bool S> ap_wide operator sign(ap_wide a, const ap_whole<W, S>& b)             \
    {                                                                                              \
        return {a.value sign b.wide()};                                                            \
    }                                                                                              \
    template <int W, bool S> ap_wide operator sign(const ap_whole<W, S>& a, ap_wide b)             \
    {                                                                                              \
        return {a.wide() sign b.value};                                                            \
    }                                                                                              \
    inline ap_wide operator sign(ap_wide a, ap_wide b)                                             \
    {                                                                                              \
        return {a.value sign b.value};                                                             \
    }
QBN_AP_OPERATOR(+)
QBN_AP_OPERATOR(-)
QBN_AP_OPERATOR(*)
QBN_AP_OPERATOR(/)
QBN_AP_OPERATOR(%)
QBN_AP_OPERATOR(&)
#undef QBN_AP_OPERATOR

template <int W, bool S> ap_wide operator-(const ap_whole<W, S>& a)
{
    return {-a.wide()};
}

#define QBN_AP_COMPARISON(sign)                                                                    \
    template <int W, bool S> bool operator sign(const ap_whole<W, S>& a, const ap_whole<W, S>& b)  \
    {                                                                                              \
        return a.wide() sign b.wide();                                                             \
    }                                                                                              \
    template <int W, bool S> bool operator sign(const ap_whole<W, S>& a, int b)                    \
    {                                                                                              \
        return a.wide() sign b;                                                                    \
    }                                                                                              \
    template <int W, bool S> bool operator sign(const ap_whole<W, S>& a, ap_wide b)                \
    {                                                                                              \
        return a.wide() sign b.value;                                                              \
    }
QBN_AP_COMPARISON(<)
QBN_AP_COMPARISON(<=)
QBN_AP_COMPARISON(>)
QBN_AP_COMPARISON(>=)
QBN_AP_COMPARISON(==)
QBN_AP_COMPARISON(!=)
#undef QBN_AP_COMPARISON
