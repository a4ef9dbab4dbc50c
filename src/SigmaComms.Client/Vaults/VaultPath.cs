using System.Text;
using SigmaComms.Vault.Namespace;

namespace SigmaComms.Client.Vaults;

/// <summary>A path in a vault, from its root: names between slashes. "." and "" are nothing, ".." is refused.</summary>
public sealed class VaultPath : IEquatable<VaultPath>
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private VaultPath(IReadOnlyList<EntryName> names) => Names = names;

    /// <summary>The root.</summary>
    public static VaultPath Root { get; } = new([]);

    /// <summary>The names, none of the root.</summary>
    public IReadOnlyList<EntryName> Names { get; }

    /// <summary>Whether it is the root.</summary>
    public bool IsRoot => Names.Count == 0;

    /// <summary>The last name; default of the root.</summary>
    public EntryName Name => IsRoot ? default : Names[^1];

    /// <summary>The directory it is in; the root is in itself.</summary>
    public VaultPath Parent => IsRoot ? this : new VaultPath([.. Names.SkipLast(1)]);

    /// <summary>Reads a path.</summary>
    /// <param name="text">Names between slashes, with or without one before the first.</param>
    /// <exception cref="VaultException">It is no path.</exception>
    public static VaultPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<EntryName> names = [];
        foreach (string part in text.Split('/'))
        {
            if (part is not ("" or "."))
            {
                names.Add(NameOf(part));
            }
        }

        return new VaultPath(names);
    }

    /// <summary>The path of something in this directory.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="VaultException">It is no name.</exception>
    public VaultPath In(string name) => In(NameOf(name));

    /// <summary>The path of something in this directory.</summary>
    /// <param name="name">Its name.</param>
    public VaultPath In(EntryName name) => new([.. Names, name]);

    /// <inheritdoc/>
    public bool Equals(VaultPath? other) => other is not null && Names.SequenceEqual(other.Names);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VaultPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (EntryName name in Names)
        {
            hash.Add(name);
        }

        return hash.ToHashCode();
    }

    /// <summary>The path as text, with a slash before each name.</summary>
    public override string ToString() => IsRoot ? "/" : string.Concat(Names.Select(name => $"/{name}"));

    private static EntryName NameOf(string text)
    {
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new VaultException(
                VaultFailure.BadPath, "A name in a vault is UTF-8, and this one is not. Rename it first.", e);
        }

        return EntryName.TryCreate(bytes, out EntryName name) ? name : throw new VaultException(
            VaultFailure.BadPath,
            $"'{Shown(text)}' is no name in a vault: 1 to {EntryName.SizeBytesMax} bytes without NUL and '/', "
            + "and neither '.' nor '..'.");
    }

    private static string Shown(string text) =>
        string.Concat(text.Take(64).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 64 ? "..." : "");
}
