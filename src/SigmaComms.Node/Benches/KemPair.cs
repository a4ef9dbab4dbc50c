using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Kem;

namespace SigmaComms.Node.Benches;

/// <summary>A key pair with buffers, so that a measurement allocates nothing of its own.</summary>
internal sealed class KemPair
{
    private readonly KemAlgorithm _kem;
    private readonly byte[] _privateKey;
    private readonly byte[] _publicKey;
    private readonly byte[] _randomness;
    private readonly byte[] _ciphertext;
    private readonly byte[] _secret;

    public KemPair(KemAlgorithm kem)
    {
        _kem = kem;
        _privateKey = new byte[kem.PrivateKeySize];
        _publicKey = new byte[kem.EncapsulationKeySize];
        _randomness = new byte[kem.RandomnessSize];
        _ciphertext = new byte[kem.CiphertextSize];
        _secret = new byte[kem.SharedSecretSize];
        Generate();
        Encapsulate();
    }

    /// <summary>A new pair.</summary>
    public void Generate()
    {
        _kem.GeneratePrivateKey(SystemRandom.Instance, _privateKey);
        _kem.DeriveEncapsulationKey(_privateKey, _publicKey);
    }

    /// <summary>A new secret for the pair.</summary>
    public void Encapsulate()
    {
        SystemRandom.Instance.Fill(_randomness);
        Require(_kem.TryEncapsulate(_publicKey, _randomness, _ciphertext, _secret));
    }

    /// <summary>The last secret again.</summary>
    public void Decapsulate() => Require(_kem.TryDecapsulate(_privateKey, _ciphertext, _secret));

    private void Require(bool works)
    {
        if (!works)
        {
            throw new InvalidOperationException($"{_kem.Name} refuses its own output.");
        }
    }
}
