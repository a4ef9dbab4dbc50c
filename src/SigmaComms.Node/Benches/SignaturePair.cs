using SigmaComms.Cryptography.Entropy;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Node.Benches;

/// <summary>A key pair with buffers, so that a measurement allocates nothing of its own.</summary>
internal sealed class SignaturePair
{
    private readonly SignatureAlgorithm _algorithm;
    private readonly byte[] _privateKey;
    private readonly byte[] _publicKey;
    private readonly byte[] _randomness;
    private readonly byte[] _message;
    private readonly byte[] _signature;
    private int _size;

    public SignaturePair(SignatureAlgorithm algorithm, int messageSizeBytes)
    {
        _algorithm = algorithm;
        _privateKey = new byte[algorithm.PrivateKeySize];
        _publicKey = new byte[algorithm.PublicKeySize];
        _randomness = new byte[algorithm.RandomnessSize];
        _message = new byte[messageSizeBytes];
        _signature = new byte[algorithm.SignatureSizeMax];
        SystemRandom.Instance.Fill(_message);
        Generate();
        Sign();
    }

    /// <summary>A new pair.</summary>
    public void Generate()
    {
        _algorithm.GeneratePrivateKey(SystemRandom.Instance, _privateKey);
        _algorithm.DerivePublicKey(_privateKey, _publicKey);
    }

    /// <summary>A new signature of the message.</summary>
    public void Sign()
    {
        SystemRandom.Instance.Fill(_randomness);
        _size = _algorithm.Sign(_privateKey, _message, default, _randomness, _signature);
    }

    /// <summary>Verifies the last signature.</summary>
    public void Verify()
    {
        if (!_algorithm.Verify(_publicKey, _message, default, _signature.AsSpan(0, _size)))
        {
            throw new InvalidOperationException($"{_algorithm.Name} refuses its own output.");
        }
    }
}
