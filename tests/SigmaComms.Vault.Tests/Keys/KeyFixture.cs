using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kdf;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Vault.Keys;

namespace SigmaComms.Vault.Tests.Keys;

/// <summary>An owner with a vault whose first slot is a passphrase of the least cost.</summary>
internal sealed class KeyFixture : IDisposable
{
    public static readonly Argon2Cost Cheap = new(1, 1);

    private readonly MlDsa65SigningKey _owner;

    public KeyFixture(IRandomSource random)
    {
        Random = random;
        _owner = MlDsa65SigningKey.Generate(random);
        Author = new HeaderAuthor(_owner, random);
        byte[] salt = new byte[32];
        random.Fill(salt);
        using SlotSecret secret = SlotSecret.Passphrase("correct horse"u8);
        (Header, Keys) = Author.Create(new Digest(salt), VaultShape.DefaultFor(4), secret, Cheap);
    }

    public IRandomSource Random { get; }

    public HeaderAuthor Author { get; }

    public VaultHeader Header { get; }

    public VaultKeyring Keys { get; }

    public NodeId Owner => _owner.Id;

    public void Dispose()
    {
        Keys.Dispose();
        _owner.Dispose();
    }
}
