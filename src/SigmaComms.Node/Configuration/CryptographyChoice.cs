using SigmaComms.Cryptography;
using SigmaComms.Node.Terminal;

namespace SigmaComms.Node.Configuration;

/// <summary>SIGMA_CRYPTOGRAPHY: whose ML-KEM and ML-DSA this process uses.</summary>
internal static class CryptographyChoice
{
    private const string Variable = "SIGMA_CRYPTOGRAPHY";

    /// <summary>Makes the choice that the environment asks for; none is Auto.</summary>
    /// <exception cref="CommandException">There is no such choice, or it cannot be had here.</exception>
    public static void Apply() => Apply(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Makes a choice.</summary>
    /// <param name="name">auto, managed or platform; null or empty for auto.</param>
    /// <exception cref="CommandException">There is no such choice, or it cannot be had here.</exception>
    public static void Apply(string? name)
    {
        string[] names = [.. Enum.GetNames<CryptographyProvider>().Select(static known => known.ToLowerInvariant())];
        int index = string.IsNullOrEmpty(name) ? 0 : Array.IndexOf(names, name.ToLowerInvariant());
        if (index < 0)
        {
            throw new CommandException(
                ExitCode.Usage, "cannot start", $"{Variable} is \"{name}\"", $"set it to {string.Join(", ", names)}");
        }

        try
        {
            CryptographyPolicy.Use((CryptographyProvider)index);
        }
        catch (PlatformNotSupportedException absent)
        {
            throw new CommandException(
                ExitCode.Failure, "cannot start", absent.Message, $"install OpenSSL 3.5, or unset {Variable}", absent);
        }
    }
}
