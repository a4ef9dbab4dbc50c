using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Protocol;

/// <summary>SETATTR: which of the fields count is said by bits.</summary>
internal static class ChangeDecoder
{
    private const uint Mode = 1 << 0;
    private const uint User = 1 << 1;
    private const uint Group = 1 << 2;
    private const uint Size = 1 << 3;
    private const uint AccessTime = 1 << 4;
    private const uint ModifyTime = 1 << 5;
    private const uint Handle = 1 << 6;
    private const uint AccessNow = 1 << 7;
    private const uint ModifyNow = 1 << 8;
    private const uint ChangeTime = 1 << 10;
    private const uint ClearSetIds = 1 << 11;
    private const uint NanosecondsMax = 999_999_999;

    /// <summary>Decodes. Refuses sizes and nanoseconds that no file can have.</summary>
    public static bool TryDecode(in SetAttributesIn set, out AttributeChange change, out Errno error)
    {
        change = default;
        error = Errno.Invalid;
        uint valid = set.Valid;
        bool Has(uint bit) => (valid & bit) != 0;
        if ((Has(AccessTime) && set.AccessNanoseconds > NanosecondsMax)
            || (Has(ModifyTime) && set.ModifyNanoseconds > NanosecondsMax)
            || (Has(ChangeTime) && set.ChangeNanoseconds > NanosecondsMax))
        {
            return false;
        }

        if (Has(Size) && set.Size > long.MaxValue)
        {
            error = Errno.TooLarge;
            return false;
        }

        change = new AttributeChange
        {
            Handle = Has(Handle) ? new FileHandle(set.Handle) : null,
            Mode = Has(Mode) ? set.Mode : null,
            UserId = Has(User) ? set.UserId : null,
            GroupId = Has(Group) ? set.GroupId : null,
            Size = Has(Size) ? set.Size : null,
            AccessTime = Has(AccessTime) ? Time(set.AccessSeconds, set.AccessNanoseconds) : null,
            ModifyTime = Has(ModifyTime) ? Time(set.ModifySeconds, set.ModifyNanoseconds) : null,
            ChangeTime = Has(ChangeTime) ? Time(set.ChangeSeconds, set.ChangeNanoseconds) : null,
            AccessTimeIsNow = Has(AccessNow),
            ModifyTimeIsNow = Has(ModifyNow),
            ClearsSetIds = Has(ClearSetIds),
        };
        error = Errno.None;
        return true;
    }

    private static FileTime Time(ulong seconds, uint nanoseconds) => new(unchecked((long)seconds), nanoseconds);
}
