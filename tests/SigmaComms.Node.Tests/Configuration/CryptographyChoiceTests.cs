using SigmaComms.Cryptography;
using SigmaComms.Node.Configuration;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Tests.Configuration;

// The choice is the whole process's, and every command line that another test runs makes it anew.
[Collection(nameof(AloneCollection))]
public sealed class CryptographyChoiceTests : IDisposable
{
    public void Dispose() => CryptographyPolicy.Use(CryptographyProvider.Auto);

    [Theory]
    [InlineData(null, CryptographyProvider.Auto)]
    [InlineData("", CryptographyProvider.Auto)]
    [InlineData("auto", CryptographyProvider.Auto)]
    [InlineData("Managed", CryptographyProvider.Managed)]
    public void The_variable_chooses(string? value, CryptographyProvider provider)
    {
        CryptographyChoice.Apply(value);

        Assert.Equal(provider, CryptographyPolicy.Provider);
    }

    [Theory]
    [InlineData("openssl")]
    [InlineData("1")]
    [InlineData("auto,managed")]
    public void Another_word_is_a_usage_error_that_tells_the_choices(string value)
    {
        CommandException fault = Assert.Throws<CommandException>(() => CryptographyChoice.Apply(value));

        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains("auto, managed, platform", fault.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void The_frameworks_code_is_refused_clearly_where_there_is_none()
    {
        if (CryptographyPolicy.IsPlatformSupported)
        {
            CryptographyChoice.Apply("platform");

            Assert.Equal(CryptographyProvider.Platform, CryptographyPolicy.Provider);
            return;
        }

        CommandException fault = Assert.Throws<CommandException>(() => CryptographyChoice.Apply("platform"));

        Assert.Contains("OpenSSL 3.5", fault.Why, StringComparison.Ordinal);
    }
}
