using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;

namespace SigmaComms.Messaging.Tests.Sessions.Vectors;

/// <summary>
/// The conversation of a vector computed anew, straight from docs/specs/sessions.md, by someone who sees the secrets
/// of both sides: the framework's HMAC, HKDF and AES-GCM, and nothing of the code under test but the primitives.
/// </summary>
internal sealed class SessionCalculator
{
    private readonly SessionVector _vector;
    private readonly PlaybackRandom _initiatorDraws;
    private readonly PlaybackRandom _responderDraws;
    private readonly byte[] _sigA;
    private readonly byte[] _sigB;
    private readonly byte[] _ikA;
    private readonly byte[] _ikB;
    private readonly byte[] _spk;

    private byte[] _transcriptHash = [];
    private byte[] _initialPart = [];
    private byte[] _rootEc = [];
    private byte[] _rootPq = [];
    private byte[] _chainEc = [];
    private byte[] _chainPqOfInitiator = [];
    private byte[] _chainPqOfResponder = [];
    private byte[] _peerRatchetPublic;
    private byte[] _ratchetPublic = [];
    private byte[] _kemSeed = [];
    private byte[] _kemPart = [];
    private bool _initiatorHoldsKemSeed = true;
    private bool? _turnOfInitiator;
    private uint _epoch;
    private uint _n;
    private readonly uint[] _lastTurnLength = [0, 0];
    private readonly uint[] _pqN = [0, 0];

    public SessionCalculator(SessionVector vector)
    {
        _vector = vector;
        _initiatorDraws = new PlaybackRandom(vector.InitiatorDraws);
        _responderDraws = new PlaybackRandom(vector.ResponderDraws);
        _sigA = DsaPublic(vector.Initiator.SigningSeed);
        _sigB = DsaPublic(vector.Responder.SigningSeed);
        _ikA = XPublic(Hex(vector.Initiator.IdentityPrivate));
        _ikB = XPublic(Hex(vector.Responder.IdentityPrivate));
        _spk = XPublic(Hex(vector.Prekeys.SignedPrekeyPrivate));
        _peerRatchetPublic = _spk;
    }

    public HandshakeValues Handshake()
    {
        PrekeyValues prekeys = _vector.Prekeys;
        byte[] ephemeral = _initiatorDraws.Next();
        byte[] randomness = _initiatorDraws.Next();
        byte[] ephemeralKey = XPublic(ephemeral);
        byte[] opk = prekeys.OneTimePrekeyPrivate is { } hex ? XPublic(Hex(hex)) : [];
        byte[] pqpk = new byte[1568];
        MlKem1024.DeriveEncapsulationKey(Hex(prekeys.KemPrekeySeed), pqpk);
        byte[] ciphertext = new byte[1568];
        byte[] ss = new byte[32];
        Assert.True(MlKem1024.TryEncapsulate(pqpk, randomness, ciphertext, ss));
        byte[] opened = new byte[32];
        MlKem1024.Decapsulate(Hex(prekeys.KemPrekeySeed), ciphertext, opened);
        Assert.Equal(ss, opened);

        byte[] accountA = SHA256.HashData(DsaPublic(_vector.Initiator.AccountSeed));
        byte[] accountB = SHA256.HashData(DsaPublic(_vector.Responder.AccountSeed));
        byte[] lists = [.. U32(_vector.Initiator.ListVersion), .. U32(_vector.Responder.ListVersion)];
        _transcriptHash = SHA512.HashData((byte[])
        [
            1, 0, 1, .. accountA, .. accountB, .. lists, .. _sigA, .. _sigB, .. _ikA, .. _ikB, .. _spk,
            (byte)(opk.Length == 0 ? 0 : 1), .. opk, .. pqpk, .. ephemeralKey, .. ciphertext,
        ]);
        byte[] dh4 = opk.Length == 0 ? [] : Agree(ephemeral, opk);
        byte[] keyMaterial =
        [
            .. Enumerable.Repeat((byte)0xFF, 32),
            .. Agree(Hex(_vector.Initiator.IdentityPrivate), _spk),
            .. Agree(ephemeral, _ikB),
            .. Agree(ephemeral, _spk),
            .. dh4,
            .. ss,
        ];
        byte[] keys = HKDF.DeriveKey(
            HashAlgorithmName.SHA512, keyMaterial, 96, new byte[64],
            [.. "SigmaComms/1 PQXDH"u8, .. _transcriptHash]);
        _rootEc = keys[..32];
        byte[] box = Box(keys[64..]);
        byte[] oneTimeId = prekeys.OneTimePrekeyId is { } id ? [1, .. U32(id)] : [0];
        _initialPart =
        [
            1, 1, 0, 1, .. U64((ulong)_vector.StartMs), .. lists, .. U32(prekeys.SignedPrekeyId),
            .. U32(prekeys.KemPrekeyId), .. oneTimeId, .. _ikA, .. ephemeralKey, .. ciphertext, .. box,
        ];

        byte[] start = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, keys[32..64], 96, [], [.. "SigmaComms/1 pq-start"u8]);
        (_rootPq, _chainPqOfInitiator, _chainPqOfResponder) = (start[..32], start[32..64], start[64..]);
        _kemSeed = _initiatorDraws.Next();
        _kemPart = KemPublic(_kemSeed);
        return new HandshakeValues(
            Hex(ephemeralKey), Hex(ciphertext), Hex(_transcriptHash), Hex(keyMaterial),
            Hex(keys[..32]), Hex(keys[32..64]), Hex(keys[64..]), Hex(box));
    }

    public MessageValues Next(MessageValues script)
    {
        if (_turnOfInitiator != script.FromInitiator)
        {
            BeginTurn(script);
        }

        byte[] keyEc = Step(ref _chainEc);
        byte[] keyPq = script.FromInitiator ? Step(ref _chainPqOfInitiator) : Step(ref _chainPqOfResponder);
        byte[] keys = HKDF.DeriveKey(HashAlgorithmName.SHA256, keyEc, 44, keyPq, [.. "SigmaComms/1 message"u8]);
        byte[] message = Seal(script, keys);
        _n++;
        _pqN[Side(script)]++;
        return script with
        {
            RatchetPublic = Hex(_ratchetPublic),
            RootEc = Hex(_rootEc),
            RootPq = Hex(_rootPq),
            Epoch = _epoch,
            MessageKeyEc = Hex(keyEc),
            MessageKeyPq = Hex(keyPq),
            Key = Hex(keys[..32]),
            Nonce = Hex(keys[32..]),
            Message = Hex(message),
        };
    }

    private void BeginTurn(MessageValues script)
    {
        if (_turnOfInitiator is not null)
        {
            _lastTurnLength[1 - Side(script)] = _n;
            _peerRatchetPublic = _ratchetPublic;
            _initialPart = [];
            _kemPart = [];
        }

        _turnOfInitiator = script.FromInitiator;
        _n = 0;
        PlaybackRandom draws = script.FromInitiator ? _initiatorDraws : _responderDraws;
        byte[] ratchetPrivate = draws.Next();
        _ratchetPublic = XPublic(ratchetPrivate);
        byte[] root = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Agree(ratchetPrivate, _peerRatchetPublic), 64, _rootEc,
            [.. "SigmaComms/1 ec-root"u8]);
        (_rootEc, _chainEc) = (root[..32], root[32..]);
        if (script.RequestsStep)
        {
            BeginEpoch(script, draws);
        }
    }

    private void BeginEpoch(MessageValues script, PlaybackRandom draws)
    {
        Assert.NotEqual(_initiatorHoldsKemSeed, script.FromInitiator);
        byte[] kemKey = KemPublic(_kemSeed);
        byte[] ciphertext = new byte[1088];
        byte[] ss = new byte[32];
        Assert.True(MlKem768.TryEncapsulate(kemKey, draws.Next(), ciphertext, ss));
        byte[] opened = new byte[32];
        MlKem768.Decapsulate(_kemSeed, ciphertext, opened);
        Assert.Equal(ss, opened);
        _epoch++;
        byte[] hash = SHA256.HashData((byte[])[.. kemKey, .. ciphertext]);
        byte[] keys = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, ss, 96, _rootPq, [.. "pq-epoch"u8, .. U32(_epoch), .. hash]);
        _rootPq = keys[..32];
        _chainPqOfInitiator = script.FromInitiator ? keys[32..64] : keys[64..];
        _chainPqOfResponder = script.FromInitiator ? keys[64..] : keys[32..64];
        _pqN.AsSpan().Clear();
        _kemSeed = draws.Next();
        _kemPart = [.. ciphertext, .. KemPublic(_kemSeed)];
        _initiatorHoldsKemSeed = script.FromInitiator;
    }

    private byte[] Seal(MessageValues script, byte[] keys)
    {
        byte flags = (byte)(_kemPart.Length == 0 ? 0 : _kemPart.Length == 1184 ? 2 : 3);
        byte[] clear =
        [
            .. _initialPart, 1, 2, 0, 1, .. _transcriptHash[..16], .. _ratchetPublic,
            .. U32(_lastTurnLength[Side(script)]), .. U32(_n), .. U32(_epoch), .. U32(_pqN[Side(script)]),
            flags, .. _kemPart,
        ];
        byte[] deviceA = SHA256.HashData(_sigA);
        byte[] deviceB = SHA256.HashData(_sigB);
        byte[] devices = script.FromInitiator ? [.. deviceA, .. deviceB] : [.. deviceB, .. deviceA];
        byte[] text = Encoding.UTF8.GetBytes(script.Text);
        byte[] padded = new byte[256];
        text.CopyTo(padded, 0);
        padded[text.Length] = 0x80;
        byte[] body = new byte[256];
        byte[] tag = new byte[16];
        using var cipher = new AesGcm(keys[..32], 16);
        byte[] associatedData = [.. _transcriptHash, .. devices, .. clear];
        cipher.Encrypt(keys[32..], padded, body, tag, associatedData);
        return [.. clear, .. body, .. tag];
    }

    private byte[] Box(byte[] authenticationKey)
    {
        byte[] signature = new byte[3309];
        MlDsa65.Sign(
            Hex(_vector.Initiator.SigningSeed), [.. "init"u8, .. _transcriptHash], "SigmaComms/1 session"u8,
            _initiatorDraws.Next(), signature);
        byte[] box = new byte[3309 + 16];
        using var cipher = new AesGcm(authenticationKey, 16);
        cipher.Encrypt(new byte[12], signature, box.AsSpan(0, 3309), box.AsSpan(3309), _transcriptHash);
        return box;
    }

    private static byte[] Step(ref byte[] chain)
    {
        byte[] key = HMACSHA256.HashData(chain, "\u0001"u8.ToArray());
        chain = HMACSHA256.HashData(chain, "\u0002"u8.ToArray());
        return key;
    }

    private static int Side(MessageValues script) => script.FromInitiator ? 0 : 1;

    private static byte[] Agree(byte[] privateKey, byte[] publicKey)
    {
        byte[] agreement = new byte[32];
        Assert.True(X25519.TryAgree(privateKey, publicKey, agreement));
        return agreement;
    }

    private static byte[] XPublic(byte[] privateKey)
    {
        byte[] publicKey = new byte[32];
        X25519.DerivePublicKey(privateKey, publicKey);
        return publicKey;
    }

    private static byte[] KemPublic(byte[] seed)
    {
        byte[] publicKey = new byte[1184];
        MlKem768.DeriveEncapsulationKey(seed, publicKey);
        return publicKey;
    }

    private static byte[] DsaPublic(string seed)
    {
        byte[] publicKey = new byte[1952];
        MlDsa65.DerivePublicKey(Hex(seed), publicKey);
        return publicKey;
    }

    private static byte[] U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
