using System.Globalization;
using SigmaComms.Node.Terminal;
using SigmaComms.Vault;

namespace SigmaComms.Node.Vaults;

/// <summary>How stripes are cut, as it is typed: 4+2.</summary>
internal static class ShapeText
{
    /// <summary>Reads a shape with stripes of the usual size.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static VaultShape Parse(string text)
    {
        string[] parts = text.Split('+');
        bool isRead = int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int data)
            & int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int parity);
        VaultShape shape = new(data, parity, VaultShape.StripeSizeDefaultBytes);
        return isRead && parts.Length == 2 && shape.IsValid ? shape : throw new CommandException(
            ExitCode.Usage,
            $"\"{TerminalText.Plain(text)}\" is no shape",
            $"wanted are fragments that are needed, 1 to {VaultShape.DataFragmentsMax}, a plus, and fragments that "
                + "may be lost, less than twice as many",
            "for example --shape 4+2");
    }
}
