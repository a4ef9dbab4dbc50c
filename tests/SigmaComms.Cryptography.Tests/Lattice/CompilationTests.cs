using System.Reflection;
using System.Runtime.Intrinsics;
using SigmaComms.Cryptography.Hashing;
using SigmaComms.Cryptography.Lattice;

namespace SigmaComms.Cryptography.Tests.Lattice;

/// <summary>
/// Code that loops over secrets is compiled once and fully, so that no profile of earlier secrets shapes it; what it
/// calls inside its loops is compiled into it.
/// </summary>
public sealed class CompilationTests
{
    [Theory]
    [InlineData(typeof(Keccak))]
    [InlineData(typeof(KeccakLane))]
    [InlineData(typeof(BitPacking))]
    [InlineData(typeof(MlKemRing))]
    [InlineData(typeof(KeccakRounds<ulong, KeccakVector64>))]
    [InlineData(typeof(KeccakVector64))]
    [InlineData(typeof(KeccakVector128))]
    [InlineData(typeof(KeccakVector256))]
    [InlineData(typeof(KeccakVector512))]
    [InlineData(typeof(KeccakVectorHalf))]
    [InlineData(typeof(MlKemCompression))]
    [InlineData(typeof(MlKemFields))]
    [InlineData(typeof(MlKemTransform<Vector128<short>, MlKemVector128>))]
    [InlineData(typeof(MlKemCodec<Vector128<short>, MlKemVector128>))]
    [InlineData(typeof(MlKemVector128))]
    [InlineData(typeof(MlKemVector256))]
    [InlineData(typeof(MlKemVector512))]
    [InlineData(typeof(MlDsaRing))]
    [InlineData(typeof(MlDsaWideRing<,>))]
    [InlineData(typeof(MlDsaWideRounding<,,>))]
    [InlineData(typeof(MlDsaWidePacking<,>))]
    [InlineData(typeof(UnsignedLanes128))]
    [InlineData(typeof(UnsignedLanes256))]
    [InlineData(typeof(UnsignedLanes512))]
    public void Every_method_of_the_arithmetic_is_compiled_once_or_into_its_caller(Type type)
    {
        const BindingFlags Own =
            BindingFlags.DeclaredOnly | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        MethodInfo[] methods = type.GetMethods(Own).Where(method => !method.IsSpecialName).ToArray();

        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.True(IsCompiledFully(method), method.Name));
    }

    [Theory]
    [InlineData(typeof(MlKemSampling), "CenteredBinomial2")]
    [InlineData(typeof(MlKemSampling), "CenteredBinomial3")]
    [InlineData(typeof(MlKemCore), "DifferenceMask")]
    [InlineData(typeof(MlKemCore), "Select")]
    [InlineData(typeof(MlKemVectorPath<Vector128<short>, MlKemVector128>), "Select")]
    [InlineData(typeof(MlDsaSampling), "SampleBounded")]
    [InlineData(typeof(MlDsaEncoding), "PackSigned")]
    [InlineData(typeof(MlDsaEncoding), "UnpackSigned")]
    [InlineData(typeof(MlDsaEncoding), "TryUnpackSigned")]
    [InlineData(typeof(MlDsaSponges), "Squeeze")]
    [InlineData(typeof(MlDsaWideSampling<,>), "TakeSecrets")]
    [InlineData(typeof(MlDsaWideSampling<,>), "TakeHalves")]
    [InlineData(typeof(MlDsaWideSampling<,>), "Unfold")]
    [InlineData(typeof(MlDsaEncoding), "PackHighPart")]
    [InlineData(typeof(MlDsaSigner), "HashCommitment")]
    [InlineData(typeof(MlDsaSigner), "TryHint")]
    [InlineData(typeof(MlDsaSigner), "AreLowBitsWithin")]
    [InlineData(typeof(MlDsaRounding), "High")]
    [InlineData(typeof(MlDsaRounding), "Low")]
    [InlineData(typeof(MlDsaRounding), "Hint")]
    public void Every_other_method_that_loops_over_secrets_is_too(Type type, string name)
    {
        const BindingFlags Any =
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

        MethodInfo? method = type.GetMethod(name, Any);

        Assert.NotNull(method);
        Assert.True(IsCompiledFully(method));
    }

    private static bool IsCompiledFully(MethodInfo method) =>
        (method.MethodImplementationFlags
            & (MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.AggressiveInlining)) != 0;
}
