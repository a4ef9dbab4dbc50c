namespace SigmaComms.Messaging.Channels.Certificates;

/// <summary>Times of a certificate.</summary>
/// <standard>RFC 5280, section 4.1.2.5: UTCTime through 2049, GeneralizedTime after; seconds, Zulu.</standard>
internal static class DerTime
{
    private const int UtcTimeSize = 13;
    private const int GeneralizedTimeSize = 15;

    public static DateTimeOffset Read(ref DerReader reader)
    {
        bool isUtcTime = reader.PeekTag == DerTag.UtcTime;
        ReadOnlySpan<byte> text = reader.Content(isUtcTime ? DerTag.UtcTime : DerTag.GeneralizedTime);
        if (reader.Failed || text.Length != (isUtcTime ? UtcTimeSize : GeneralizedTimeSize) || text[^1] != (byte)'Z')
        {
            reader.Fail();
            return default;
        }

        int year = isUtcTime ? TwoDigits(text) : (100 * TwoDigits(text)) + TwoDigits(text[2..]);
        ReadOnlySpan<byte> rest = text[(isUtcTime ? 2 : 4)..];
        if (isUtcTime)
        {
            year += year >= 50 ? 1900 : 2000;
        }
        else if (year < 2050)
        {
            year = -1; // It had to be a UTCTime.
        }

        return Make(ref reader, year, rest);
    }

    private static DateTimeOffset Make(ref DerReader reader, int year, ReadOnlySpan<byte> rest)
    {
        int month = TwoDigits(rest);
        int day = TwoDigits(rest[2..]);
        int hour = TwoDigits(rest[4..]);
        int minute = TwoDigits(rest[6..]);
        int second = TwoDigits(rest[8..]);
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59)
        {
            reader.Fail();
            return default;
        }

        return new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
    }

    // A value far below any allowed one when the bytes are not digits.
    private static int TwoDigits(ReadOnlySpan<byte> text) =>
        text[0] is >= (byte)'0' and <= (byte)'9' && text[1] is >= (byte)'0' and <= (byte)'9'
            ? (10 * (text[0] - '0')) + (text[1] - '0')
            : -100_000;
}
