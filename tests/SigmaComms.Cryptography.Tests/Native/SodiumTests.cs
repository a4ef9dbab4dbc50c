using SigmaComms.Cryptography.Native;

namespace SigmaComms.Cryptography.Tests.Native;

public sealed class SodiumTests
{
    [Fact]
    public void A_missing_library_is_an_error_that_says_what_to_install()
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(
            () => Sodium.Load("libsodium-absent.so.1", "libsodium-absent"));

        Assert.Contains("libsodium-absent.so.1 and libsodium-absent", error.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install libsodium23", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_name_that_exists_is_taken() =>
        Assert.NotEqual(0, Sodium.Load("libsodium-absent", "libsodium.so.23", "libsodium"));
}
