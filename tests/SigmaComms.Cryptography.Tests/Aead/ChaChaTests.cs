using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Tests.Vectors;

namespace SigmaComms.Cryptography.Tests.Aead;

/// <summary>Known answers: every case of Wycheproof's files for both ChaCha ciphers.</summary>
public sealed class ChaChaTests
{
    [Theory]
    [InlineData("chacha20_poly1305", ChaChaCipher.NonceSize, 325)]
    [InlineData("xchacha20_poly1305", XChaChaCipher.NonceSize, 315)]
    public void Every_case_is_answered_or_refused_with_zeros(string file, int nonceSize, int count)
    {
        List<VectorCase> cases = VectorCase.ReadWycheproof(file);

        foreach (VectorCase test in cases)
        {
            using AeadCipher cipher = nonceSize == ChaChaCipher.NonceSize
                ? new ChaChaCipher(test.Bytes("key"))
                : new XChaChaCipher(test.Bytes("key"));
            byte[] nonce = test.Bytes("iv");
            byte[] message = test.Bytes("msg");
            byte[] expected = [.. test.Bytes("ct"), .. test.Bytes("tag")];
            byte[] opened = new byte[message.Length];
            if (nonce.Length != nonceSize)
            {
                Assert.Equal("invalid", test.Text("result"));
                Assert.Throws<ArgumentException>(() => cipher.TryOpen(nonce, expected, test.Bytes("aad"), opened));
                continue;
            }

            bool valid = test.Text("result") == "valid";
            bool good = cipher.TryOpen(nonce, expected, test.Bytes("aad"), opened);

            Assert.True(valid == good, $"case {test.Id}");
            Assert.Equal(valid ? message : new byte[message.Length], opened);
            if (valid)
            {
                byte[] made = new byte[expected.Length];
                AeadAlgorithm algorithm = nonceSize == ChaChaCipher.NonceSize
                    ? AeadAlgorithm.ChaCha20Poly1305
                    : AeadAlgorithm.XChaCha20Poly1305;
                using AeadCipher sealer = algorithm.Create(test.Bytes("key"));
                sealer.Seal(nonce, message, test.Bytes("aad"), made);
                Assert.Equal(expected, made);
            }
        }

        Assert.Equal(count, cases.Count);
    }
}
