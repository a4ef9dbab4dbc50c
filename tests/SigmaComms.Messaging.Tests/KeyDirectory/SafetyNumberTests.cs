using System.Numerics;
using System.Security.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Tests.Sessions;

namespace SigmaComms.Messaging.Tests.KeyDirectory;

public sealed class SafetyNumberTests
{
    private readonly byte[] _a = new SeededRandom(31).Bytes(1952);
    private readonly byte[] _b = new SeededRandom(32).Bytes(1952);

    [Fact]
    public void Both_sides_see_the_same_12_groups_of_5_digits()
    {
        string number = SafetyNumber.Compute(_a, _b);

        Assert.Equal(number, SafetyNumber.Compute(_b, _a));
        Assert.Matches("^([0-9]{5} ){11}[0-9]{5}$", number);
    }

    [Fact]
    public void Another_key_gives_another_number()
    {
        string number = SafetyNumber.Compute(_a, _b);
        _b[1951] ^= 1;

        Assert.NotEqual(number, SafetyNumber.Compute(_a, _b));
    }

    [Fact]
    public void The_number_is_the_one_of_the_specification()
    {
        string[] halves = [Half(_a), Half(_b)];
        Array.Sort(halves, string.CompareOrdinal);

        Assert.Equal(string.Concat(halves), SafetyNumber.Compute(_a, _b).Replace(" ", "", StringComparison.Ordinal));
    }

    // The definition in docs/specs/sessions.md, computed with big integers instead of the code under test.
    private static string Half(byte[] accountKey)
    {
        byte[] key = SHA512.HashData([.. "SigmaComms/1 safety number"u8, 3, .. accountKey]);
        byte[] running = key;
        for (int i = 0; i < 5200; i++)
        {
            running = SHA512.HashData([.. running, .. key]);
        }

        var digits = Enumerable.Range(0, 6)
            .Select(group => new BigInteger(running.AsSpan(group * 5, 5), isUnsigned: true, isBigEndian: true))
            .Select(value => value % 100_000)
            .Select(value => ((int)value).ToString("D5", System.Globalization.CultureInfo.InvariantCulture));
        return string.Concat(digits);
    }
}
