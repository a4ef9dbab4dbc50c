using System.Formats.Asn1;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Channels;
using SigmaComms.Messaging.Channels.Certificates;
using Xunit.Abstractions;

namespace SigmaComms.Messaging.Tests.Channels;

public sealed class NodeCertificateTests(ITestOutputHelper output)
{
    private static readonly byte[] Good = TestIdentities.Server.CertificateDer.ToArray();

    [Fact]
    public void What_was_written_is_read()
    {
        CertificateFault fault = NodeCertificate.TryParse(Good, out NodeCertificate? certificate);

        Assert.Equal(CertificateFault.None, fault);
        Assert.Equal(TestIdentities.Server.Key.PublicKey.ToArray(), certificate!.PublicKey.ToArray());
        Assert.Equal(TestIdentities.Server.Id, certificate.Id);
        Assert.Equal(TestIdentities.Now.AddDays(-1), certificate.NotBefore);
        Assert.Equal(TestIdentities.Now.AddDays(30), certificate.NotAfter);
    }

    [Fact]
    public void The_certificate_of_a_seed_is_the_golden_one()
    {
        string path = RepositoryFiles.PathOf("tests/golden/channel/node-certificate.txt");
        if (Environment.GetEnvironmentVariable("SIGMA_ACCEPT_GOLDEN") == "1")
        {
            File.WriteAllText(path, Convert.ToHexStringLower(Good) + "\n");
        }

        Assert.Equal(File.ReadAllText(path).TrimEnd(), Convert.ToHexStringLower(Good));
    }

    [Theory]
    [InlineData(1969)]
    [InlineData(2049)]
    [InlineData(2050)]
    [InlineData(9999)]
    public void Years_are_written_in_the_form_that_the_standard_wants(int year)
    {
        var until = new DateTimeOffset(year, 12, 31, 23, 59, 59, TimeSpan.Zero);
        using TlsIdentity identity = TestIdentities.Make(60, "years", until.AddYears(-10), until);

        NodeCertificate.TryParse(identity.CertificateDer.Span, out NodeCertificate? certificate);

        Assert.Equal(until, certificate?.NotAfter);
        Assert.Equal(until.AddYears(-10), certificate?.NotBefore);
    }

    [Fact]
    public void A_certificate_without_end_is_valid_and_does_not_overflow()
    {
        var end = new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);
        using var key = MlDsa65SigningKey.Generate(new SeededRandom(1));
        using TlsIdentity identity = TlsIdentity.Create(
            key, "without-end", TestIdentities.Now.AddDays(-1), end, new SeededRandom(2));

        CertificateFault fault =
            NodeCertificate.TryParse(identity.CertificateDer.Span, out NodeCertificate? certificate);

        Assert.Equal(CertificateFault.None, fault);
        Assert.True(certificate!.IsValidAt(TestIdentities.Now));
        Assert.True(certificate.IsValidAt(end.AddMilliseconds(999)));
        Assert.False(certificate.IsValidAt(TestIdentities.Now.AddDays(-2)));
    }

    [Fact]
    public void A_flipped_bit_of_any_byte_is_refused()
    {
        Parallel.For(0, Good.Length, at =>
        {
            byte[] changed = HandshakeFlights.Flipped(Good, (8 * at) + (at % 8));
            Assert.NotEqual(CertificateFault.None, NodeCertificate.TryParse(changed, out NodeCertificate? parsed));
            Assert.Null(parsed);
        });
    }

    [Fact]
    public void A_certificate_cut_anywhere_or_with_more_behind_is_malformed()
    {
        for (int size = 0; size < Good.Length; size++)
        {
            Assert.Equal(CertificateFault.Malformed, NodeCertificate.TryParse(Good.AsSpan(0, size), out _));
        }

        Assert.Equal(CertificateFault.Malformed, NodeCertificate.TryParse([.. Good, 0], out _));
        Assert.Equal(CertificateFault.Malformed, NodeCertificate.TryParse(new byte[20_000], out _));
    }

    [Fact]
    public void Random_bytes_and_random_changes_never_throw()
    {
        ulong seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"seed {seed}");
        var random = new SeededRandom(seed);

        for (int i = 0; i < 3000; i++)
        {
            byte[] changed = i % 3 == 0 ? random.Bytes(random.Below(400)) : [.. Good];
            for (int j = 0; j < 4 && changed.Length > 0; j++)
            {
                changed[random.Below(Math.Min(changed.Length, 160))] = random.Bytes(1)[0];
            }

            bool isSame = changed.AsSpan().SequenceEqual(Good);
            Assert.Equal(isSame, NodeCertificate.TryParse(changed, out _) == CertificateFault.None);
        }
    }

    [Theory]
    [InlineData("an unknown critical extension", CertificateFault.Unsupported)]
    [InlineData("a key usage without signing", CertificateFault.Unsupported)]
    [InlineData("another issuer", CertificateFault.Unsupported)]
    [InlineData("version 1", CertificateFault.Unsupported)]
    [InlineData("an algorithm with parameters", CertificateFault.Unsupported)]
    [InlineData("another algorithm", CertificateFault.Unsupported)]
    [InlineData("a negative serial", CertificateFault.Malformed)]
    [InlineData("a serial of 21 bytes", CertificateFault.Malformed)]
    [InlineData("an end before the start", CertificateFault.Malformed)]
    [InlineData("a generalized time before 2050", CertificateFault.Malformed)]
    [InlineData("February 30", CertificateFault.Malformed)]
    [InlineData("an unknown extension that is not critical", CertificateFault.None)]
    [InlineData("nothing wrong", CertificateFault.None)]
    [InlineData("an extension twice", CertificateFault.Malformed)]
    [InlineData("a key usage twice", CertificateFault.Malformed)]
    [InlineData("an authority", CertificateFault.Unsupported)]
    [InlineData("an authority with a path length", CertificateFault.Unsupported)]
    [InlineData("no authority", CertificateFault.None)]
    [InlineData("no authority, spelled out", CertificateFault.Malformed)]
    [InlineData("no authority with a path length", CertificateFault.Malformed)]
    [InlineData("basic constraints with more behind", CertificateFault.Malformed)]
    [InlineData("both purposes", CertificateFault.None)]
    [InlineData("any purpose", CertificateFault.None)]
    [InlineData("only the server's purpose", CertificateFault.Unsupported)]
    [InlineData("only the client's purpose", CertificateFault.Unsupported)]
    [InlineData("no purpose", CertificateFault.Malformed)]
    [InlineData("a purpose cut short", CertificateFault.Malformed)]
    public void A_well_signed_certificate_is_judged_by_the_profile(string what, object fault)
    {
        byte[] der = Write(what);

        Assert.Equal((CertificateFault)fault, NodeCertificate.TryParse(der, out _));
    }

    [Fact]
    public void An_identity_takes_back_its_own_certificate_and_no_other()
    {
        TlsIdentity again = TlsIdentity.FromCertificate(TestIdentities.Server.Key, Good);

        Assert.Equal(TestIdentities.Server.Id, again.Id);
        Assert.Throws<ArgumentException>(() => TlsIdentity.FromCertificate(TestIdentities.Client.Key, Good));
        Assert.Throws<ArgumentException>(
            () => TlsIdentity.FromCertificate(TestIdentities.Server.Key, Good.AsMemory(1)));
    }

    // A certificate with one thing off, signed as it is, so that only the profile can refuse it.
    private static byte[] Write(string what)
    {
        var body = new AsnWriter(AsnEncodingRules.DER);
        using (body.PushSequence())
        {
            if (what != "version 1")
            {
                using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true)))
                {
                    body.WriteInteger(2);
                }
            }

            WriteSerial(body, what);
            WriteAlgorithm(body, what);
            WriteName(body, what == "another issuer" ? "issuer" : "peer");
            using (body.PushSequence())
            {
                WriteTimes(body, what);
            }

            WriteName(body, "peer");
            using (body.PushSequence())
            {
                WriteAlgorithm(body, "");
                body.WriteBitString(TestIdentities.Server.Key.PublicKey.Span);
            }

            if (what != "version 1")
            {
                using (body.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3, isConstructed: true)))
                using (body.PushSequence())
                {
                    WriteExtension(body, what);
                }
            }
        }

        byte[] signedBytes = body.Encode();
        var whole = new AsnWriter(AsnEncodingRules.DER);
        using (whole.PushSequence())
        {
            whole.WriteEncodedValue(signedBytes);
            WriteAlgorithm(whole, what);
            whole.WriteBitString(TestIdentities.Server.Key.Sign(signedBytes, default, new SeededRandom(1)));
        }

        return whole.Encode();
    }

    private static void WriteSerial(AsnWriter writer, string what)
    {
        if (what == "a serial of 21 bytes")
        {
            writer.WriteInteger([1, .. new byte[20]]);
        }
        else
        {
            writer.WriteInteger(what == "a negative serial" ? -5 : 5);
        }
    }

    private static void WriteTimes(AsnWriter writer, string what)
    {
        DateTimeOffset now = TestIdentities.Now;
        if (what == "February 30")
        {
            writer.WriteEncodedValue([0x17, 13, .. "260230000000Z"u8]);
        }
        else if (what == "a generalized time before 2050")
        {
            writer.WriteGeneralizedTime(now, omitFractionalSeconds: true);
        }
        else
        {
            writer.WriteUtcTime(what == "an end before the start" ? now.AddDays(2) : now, 2049);
        }

        writer.WriteUtcTime(now.AddDays(1), 2049);
    }

    private static void WriteExtension(AsnWriter writer, string what)
    {
        byte[] server = [6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 1];
        byte[] client = [6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 2];
        (string Oid, byte[] Value) extension = what switch
        {
            "a key usage without signing" => ("2.5.29.15", [3, 2, 5, 0x20]),
            "a key usage twice" => ("2.5.29.15", [3, 2, 7, 0x80]),
            "an authority" => ("2.5.29.19", [0x30, 3, 1, 1, 0xFF]),
            "an authority with a path length" => ("2.5.29.19", [0x30, 6, 1, 1, 0xFF, 2, 1, 0]),
            "no authority" => ("2.5.29.19", [0x30, 0]),
            "no authority, spelled out" => ("2.5.29.19", [0x30, 3, 1, 1, 0]),
            "no authority with a path length" => ("2.5.29.19", [0x30, 3, 2, 1, 0]),
            "basic constraints with more behind" => ("2.5.29.19", [0x30, 0, 5, 0]),
            "both purposes" => ("2.5.29.37", [0x30, 20, .. server, .. client]),
            "any purpose" => ("2.5.29.37", [0x30, 6, 6, 4, 0x55, 0x1D, 0x25, 0]),
            "only the server's purpose" => ("2.5.29.37", [0x30, 10, .. server]),
            "only the client's purpose" => ("2.5.29.37", [0x30, 10, .. client]),
            "no purpose" => ("2.5.29.37", [0x30, 0]),
            "a purpose cut short" => ("2.5.29.37", [0x30, 9, .. server.AsSpan(0, 9)]),
            _ => ("1.2.3.4", [5, 0]),
        };
        WriteExtension(writer, extension.Oid, what == "an unknown critical extension", extension.Value);
        if (what is "an extension twice" or "a key usage twice")
        {
            WriteExtension(writer, "1.2.3.5", isCritical: false, extension.Value);
            WriteExtension(writer, extension.Oid, isCritical: false, extension.Value);
        }
    }

    private static void WriteExtension(AsnWriter writer, string oid, bool isCritical, byte[] value)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (isCritical)
            {
                writer.WriteBoolean(true);
            }

            writer.WriteOctetString(value);
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string what)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(what == "another algorithm" ? "1.2.3" : "2.16.840.1.101.3.4.3.18");
            if (what == "an algorithm with parameters")
            {
                writer.WriteNull();
            }
        }
    }

    private static void WriteName(AsnWriter writer, string name)
    {
        using (writer.PushSequence())
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("2.5.4.3");
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, name);
        }
    }
}
