using System.Runtime.Intrinsics;

namespace SigmaComms.ConstantTime.Tests.Timing;

/// <summary>
/// A test of times, for AVX-512, which valgrind does not know. It wants a quiet machine, so it runs on demand.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TimingFactAttribute : FactAttribute
{
    public TimingFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("SIGMA_LONG_TESTS") != "1")
        {
            Skip = "Measures times on a quiet machine; set SIGMA_LONG_TESTS=1 to run it.";
        }
        else if (!Vector512.IsHardwareAccelerated)
        {
            Skip = "This processor has no AVX-512.";
        }
    }
}
