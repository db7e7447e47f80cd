"""Elementary functions from +, -, *, / and sqrt only, so that their bits do not depend on the CPU.

Signatures: float64 -> float64, scalar; the compiler vectorises loops over them.
Identities: exp(log(x)) = x, sine(x) = sine(pi - x), normal_quantile(1 - p) = -normal_quantile(p).
log, exp and sine use the argument reductions and minimax coefficients published with fdlibm (Sun
Microsystems, 1993); the normal quantile is algorithm AS 241, PPND16 (Wichura 1988).

Decision 2 (docs/decisions.md).
"""

from typing import NamedTuple

import numpy as np

from sim.kernels.numerics.compiler import compiled, inlined, shared

LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
INVERSE_LN2 = 1.44269504088896338700
PI = 3.14159265358979311600
TWO_52 = 4503599627370496.0
ROUND = 1.5 * TWO_52
CENTRAL = 0.425                # |p - 1/2| up to which the central formula of the quantile holds
FAR = 2e-11                    # p or 1 - p, above which the near tail's formula holds: sqrt(-ln FAR) < 5

SQRT_HALF_32, ROUND_32 = np.int32(0x3F3504F3), np.float32(1.5 * 2.0**23)       # the same in single precision
INVERSE_LN2_32, LN2_32, LN2_HIGH_32, LN2_LOW_32 = (np.float32(x) for x in (
    INVERSE_LN2, 6.93147180559945e-01, 0.693359375, -2.12194440e-4))
LOWEST_32, HIGHEST_32 = np.float32(-87.0), np.float32(88.0)
ONE_32, HALF_32, SIXTH_32, R24_32, R120_32, R720_32 = (np.float32(1.0 / n) for n in (1, 2, 6, 24, 120, 720))
THIRD_32, FIFTH_32, SEVENTH_32 = (np.float32(1.0 / n) for n in (3, 5, 7))


@shared
def log(x):
    """Natural logarithm of a positive normal number, within 1 ulp; about -709 for 0.

    x = 2^k (1 + f) with sqrt(1/2) <= 1 + f < sqrt(2); s = f / (2 + f);
    ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)).
    Exponent and mantissa are taken by integer views, with the 2^52 trick instead of a conversion,
    because only so the loop vectorises on every CPU.
    """
    bits = np.float64(x).view(np.uint64)
    biased = np.uint64(bits - np.uint64(0x3FE6A09E667F3BCD) + np.uint64(0x3FF0000000000000))
    exponent = np.uint64(biased >> np.uint64(52)) | np.uint64(0x4330000000000000)
    k = np.uint64(exponent).view(np.float64) - (TWO_52 + 1023.0)
    mantissa = bits - (biased & np.uint64(0x7FF0000000000000)) + np.uint64(0x3FF0000000000000)
    f = np.uint64(mantissa).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    r = z * (6.666666666666735130e-01 + z * (3.999999999940941908e-01 + z * (
        2.857142874366239149e-01 + z * (2.222219843214978396e-01 + z * (
            1.818357216161805012e-01 + z * (1.531383769920937332e-01 + z
                                            * 1.479819860510658591e-01))))))
    half_square = 0.5 * f * f
    return k * LN2_HIGH - ((half_square - (s * (half_square + r) + k * LN2_LOW)) - f)


@compiled
def logarithms(x):
    """Take the logarithm of all (number,), in place."""
    for n in range(x.size):
        x[n] = log(x[n])


@shared
def exp(x):
    """Exponential for x < 709, within 1 ulp; 0 below -708.

    x = k ln 2 + r, |r| <= ln(2)/2; exp(r) = 1 + r + r c / (2 - c), c = r - r^2 P(r^2).
    Adding 1.5 2^52 rounds to a whole number and leaves it in the low bits, so that the loop
    vectorises where conversions would not.
    """
    shifted = max(x, -708.0) * INVERSE_LN2 + ROUND
    k = shifted - ROUND
    high = x - k * LN2_HIGH
    low = k * LN2_LOW
    r = high - low
    z = r * r
    c = r - z * (1.66666666666666019037e-01 + z * (-2.77777777770155933842e-03 + z * (
        6.61375632143793436117e-05 + z * (-1.65339022054652515390e-06 + z
                                          * 4.13813679705723846039e-08))))
    y = 1.0 - ((low - r * c / (2.0 - c)) - high)
    two_k = np.int64((np.float64(shifted).view(np.int64) + np.int64(1023)) << np.int64(52))
    return 0.0 if x < -708.0 else y * np.int64(two_k).view(np.float64)


@shared
def log32(x):
    """Natural logarithm of a positive normal number in single precision, within 4 ulp of the larger of it and 1."""
    bits = np.float32(x).view(np.int32)
    k = np.int32(np.int32(bits - SQRT_HALF_32) >> np.int32(23))
    f = np.int32(bits - np.int32(k << np.int32(23))).view(np.float32) - ONE_32
    s = f / (ONE_32 + ONE_32 + f)
    z = s * s
    return np.float32(k) * LN2_32 + (s + s) * (ONE_32 + z * (THIRD_32 + z * (FIFTH_32 + z * SEVENTH_32)))


@shared
def exp32(x):
    """Exponential in single precision for -87 < x < 88, within 4 ulp; those of -87 and 88 beyond."""
    x = min(max(x, LOWEST_32), HIGHEST_32)
    shifted = x * INVERSE_LN2_32 + ROUND_32
    k = shifted - ROUND_32
    r = (x - k * LN2_HIGH_32) - k * LN2_LOW_32
    y = ONE_32 + r * (ONE_32 + r * (HALF_32 + r * (SIXTH_32 + r * (R24_32 + r * (R120_32 + r * R720_32)))))
    return y * np.int32(np.int32(np.float32(shifted).view(np.int32) + np.int32(127)) << np.int32(23)).view(np.float32)


@shared
def sine(x):
    """Sine for 0 <= x <= pi, absolute error below 2e-16; from sin or cos on [0, pi/4]."""
    y = min(x, PI - x)
    if y > 0.25 * PI:
        r = 0.5 * PI - y
        z = r * r
        return 1.0 - (0.5 * z - z * z * (
            4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (
                2.48015872894767294178e-05 + z * (-2.75573143513906633035e-07 + z * (
                    2.08757232129817482790e-09 + z * -1.13596475577881948265e-11))))))
    z = y * y
    return y + y * z * (-1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * (
        -1.98412698298579493134e-04 + z * (2.75573137070700676789e-06 + z * (
            -2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)))))


@shared
def normal_quantile(p):
    """Inverse of the standard normal distribution function for 0 < p < 1, relative error 1e-15."""
    return _central_quantile(p - 0.5) if abs(p - 0.5) <= CENTRAL else _tail_quantile(p)


class Tails(NamedTuple):
    """Room for those of many quantiles that lie in the tails."""

    at: np.ndarray            # int64
    r: np.ndarray


def tails_for(number):
    """Room for so many quantiles."""
    return Tails(np.empty(number, np.int64), np.empty(number))


@inlined
def normal_quantiles(p, x, tails):
    """x[n] = normal_quantile(p[n]), by loops that vectorise; the 15 % of the tails are put side by side for theirs."""
    k = 0
    for n in range(p.size):
        x[n] = _central_quantile(p[n] - 0.5)
    for n in range(p.size):                              # no branch, which nobody could foresee
        tails.at[k] = n
        k += abs(p[n] - 0.5) > CENTRAL
    r = tails.r[:k]
    for n in range(k):                                   # read apart, for the next loop would gather and not vectorise
        r[n] = min(p[tails.at[n]], 1.0 - p[tails.at[n]])
    for n in range(k):
        r[n] = _near_tail(np.sqrt(-log(r[n])) - 1.6)
    for n in range(k):
        q = p[tails.at[n]]
        if min(q, 1.0 - q) < FAR:
            r[n] = abs(_tail_quantile(q))
        x[tails.at[n]] = -r[n] if q < 0.5 else r[n]


@inlined
def _central_quantile(q):
    r = 0.180625 - q * q
    return q * (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
                     + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
                   + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
                 + 1.3314166789178437745e2) * r + 3.3871328727963666080e0) / (
        ((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
             + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
           + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
         + 4.2313330701600911252e1) * r + 1.0)


@inlined
def _near_tail(r):
    return (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
              + 2.41780725177450611770e-1) * r + 1.27045825245236838258e0) * r
            + 3.64784832476320460504e0) * r + 5.76949722146069140550e0) * r
          + 4.63033784615654529590e0) * r + 1.42343711074968357734e0) / (
        ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
             + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
           + 6.89767334985100004550e-1) * r + 1.67638483018380384940e0) * r
         + 2.05319162663775882187e0) * r + 1.0)


@inlined
def _tail_quantile(p):
    r = np.sqrt(-log(min(p, 1.0 - p)))
    if r <= 5.0:
        x = _near_tail(r - 1.6)
    else:
        r -= 5.0
        x = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
                  + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
                + 2.96560571828504891230e-1) * r + 1.78482653991729133580e0) * r
              + 5.46378491116411436990e0) * r + 6.65790464350110377720e0) / (
            ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
                 + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
               + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
             + 5.99832206555887937690e-1) * r + 1.0)
    return -x if p < 0.5 else x
