using SigmaComms.Cryptography.Aead;
using SigmaComms.Cryptography.Tests.Vectors;
using Xunit.Abstractions;

namespace SigmaComms.Cryptography.Tests.Aead;

/// <summary>Known answers of Wycheproof, and hostile input.</summary>
public sealed class AesGcmTests(ITestOutputHelper output)
{
    private const int InsideCount = 133;

    [Fact]
    public void All_316_Wycheproof_cases_are_answered_or_outside_the_profile()
    {
        List<VectorCase> cases = VectorCase.ReadWycheproof("aes_gcm");
        int outside = 0;
        int answered = 0;

        foreach (VectorCase test in cases)
        {
            bool inside = test.Group.GetProperty("ivSize").GetInt32() == 96
                && test.Group.GetProperty("tagSize").GetInt32() == 128
                && test.Group.GetProperty("keySize").GetInt32() != 192;
            if (inside)
            {
                Answer(test);
                answered++;
            }
            else
            {
                Assert.ThrowsAny<ArgumentException>(() => Answer(test));
                outside++;
            }
        }

        output.WriteLine($"{outside} cases have another nonce or key size, which is refused.");
        Assert.Equal(316, answered + outside);
        Assert.Equal(InsideCount, answered);
    }

    [Fact]
    public void Opening_with_any_flipped_bit_fails_and_zeroes_the_output()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);
        byte[] key = random.Bytes(Aes256Gcm.KeySize);
        byte[] nonce = random.Bytes(Aes256Gcm.NonceSize);
        byte[] plaintext = random.Bytes(77);
        byte[] associated = random.Bytes(13);
        byte[] ciphertext = new byte[plaintext.Length + Aes256Gcm.TagSize];
        Aes256Gcm.Seal(key, nonce, plaintext, associated, ciphertext);
        byte[][] inputs = [key, nonce, associated, ciphertext];

        foreach (byte[] input in inputs)
        {
            for (int bit = 0; bit < 8 * input.Length; bit++)
            {
                byte[] opened = random.Bytes(plaintext.Length);
                input[bit / 8] ^= (byte)(1 << (bit % 8));
                bool valid = Aes256Gcm.TryOpen(key, nonce, ciphertext, associated, opened);
                input[bit / 8] ^= (byte)(1 << (bit % 8));

                Assert.False(valid);
                Assert.Equal(-1, opened.AsSpan().IndexOfAnyExcept((byte)0));
            }
        }
    }

    [Fact]
    public void A_ciphertext_shorter_than_its_tag_is_refused_and_the_output_zeroed()
    {
        for (int length = 0; length < Aes256Gcm.TagSize; length++)
        {
            byte[] opened = [1, 2, 3];

            Assert.False(Aes256Gcm.TryOpen(new byte[32], new byte[12], new byte[length], default, opened));

            Assert.Equal(new byte[3], opened);
        }
    }

    [Fact]
    public void A_keyed_cipher_seals_many_records_and_in_place()
    {
        SeededRandom random = SeededRandom.FromEnvironment(output.WriteLine);

        foreach (int keySize in new[] { 16, 32 })
        {
            using AesGcmCipher cipher = new(random.Bytes(keySize));
            for (int length = 0; length < 100; length++)
            {
                byte[] plaintext = random.Bytes(length);
                byte[] nonce = random.Bytes(AesGcmCipher.NonceSize);
                byte[] record = [.. plaintext, .. new byte[AesGcmCipher.TagSize]];

                cipher.Seal(nonce, record.AsSpan(0, length), default, record);
                bool valid = cipher.TryOpen(nonce, record, default, record.AsSpan(0, length));

                Assert.True(valid);
                Assert.Equal(plaintext, record[..length]);
            }
        }
    }

    [Fact]
    public void Wrong_lengths_are_argument_errors()
    {
        using AesGcmCipher cipher = new(new byte[32]);

        Assert.Throws<ArgumentException>(() => new AesGcmCipher(new byte[24]));
        Assert.Throws<ArgumentException>(
            () => Aes256Gcm.Seal(new byte[16], new byte[12], default, default, new byte[16]));
        Assert.Throws<ArgumentException>(() => cipher.Seal(new byte[11], default, default, new byte[16]));
        Assert.Throws<ArgumentException>(() => cipher.Seal(new byte[12], new byte[5], default, new byte[20]));
        Assert.Throws<ArgumentException>(() => cipher.TryOpen(new byte[13], new byte[16], default, default));
        Assert.Throws<ArgumentException>(() => cipher.TryOpen(new byte[12], new byte[20], default, new byte[5]));
    }

    private static void Answer(VectorCase test)
    {
        byte[] message = test.Bytes("msg");
        byte[] sealedMessage = [.. test.Bytes("ct"), .. test.Bytes("tag")];
        byte[] opened = new byte[message.Length];
        byte[] again = new byte[sealedMessage.Length];
        using AesGcmCipher cipher = new(test.Bytes("key"));

        bool valid = cipher.TryOpen(test.Bytes("iv"), sealedMessage, test.Bytes("aad"), opened);
        cipher.Seal(test.Bytes("iv"), message, test.Bytes("aad"), again);

        Assert.Equal(test.Text("result") == "valid", valid);
        Assert.Equal(valid ? message : new byte[message.Length], opened);
        Assert.Equal(valid, again.AsSpan().SequenceEqual(sealedMessage));
    }
}
