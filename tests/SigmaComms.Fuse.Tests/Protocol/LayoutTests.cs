using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SigmaComms.Fuse.Native;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Tests.Protocol;

/// <summary>Sizes and places of fields as the kernel's header has them.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void Structures_have_the_sizes_of_the_kernels()
    {
        (int Actual, int Expected, string Name)[] sizes =
        [
            Size<RequestHeader>(40), Size<ReplyHeader>(16), Size<AttributesWire>(88), Size<EntryOut>(128),
            Size<AttributesOut>(104), Size<ForgetIn>(8), Size<ForgetOne>(16), Size<BatchForgetIn>(8),
            Size<GetAttributesIn>(16), Size<SetAttributesIn>(88), Size<MakeNodeIn>(16), Size<MakeDirectoryIn>(8),
            Size<RenameIn>(8), Size<Rename2In>(16), Size<LinkIn>(8), Size<OpenIn>(8), Size<CreateIn>(16),
            Size<OpenOut>(16), Size<ReleaseIn>(24), Size<FlushIn>(24), Size<ReadIn>(40), Size<WriteIn>(40),
            Size<WriteOut>(8), Size<StatisticsOut>(80), Size<SyncIn>(16), Size<SetXattrIn>(16), Size<GetXattrIn>(8),
            Size<GetXattrOut>(8), Size<LockWire>(24), Size<LockIn>(48), Size<AccessIn>(8), Size<InitIn>(64),
            Size<InitOut>(64), Size<InterruptIn>(8), Size<AllocateIn>(32), Size<DirectoryRecord>(24),
            Size<InvalidateNodeOut>(24), Size<InvalidateEntryOut>(16), Size<DeleteOut>(24), Size<SeekIn>(24),
            Size<SeekOut>(8), Size<CopyRangeIn>(56), Size<MessageHeader>(56), Size<IoVector>(16),
        ];

        Assert.All(sizes, size => Assert.True(size.Actual == size.Expected, size.Name));
        Assert.Equal(
            sizes.Length - 2,
            typeof(RequestHeader).Assembly.GetTypes()
                .Count(type => type.IsValueType && type.Namespace == typeof(RequestHeader).Namespace));
    }

    [Fact]
    public void Fields_stand_where_the_kernel_has_them()
    {
        (int Actual, int Expected, string Name)[] places =
        [
            Place<RequestHeader>(nameof(RequestHeader.Unique), 8),
            Place<RequestHeader>(nameof(RequestHeader.Node), 16),
            Place<RequestHeader>(nameof(RequestHeader.ProcessId), 32),
            Place<RequestHeader>(nameof(RequestHeader.ExtensionWords), 36),
            Place<ReplyHeader>(nameof(ReplyHeader.Error), 4),
            Place<AttributesWire>(nameof(AttributesWire.AccessSeconds), 24),
            Place<AttributesWire>(nameof(AttributesWire.AccessNanoseconds), 48),
            Place<AttributesWire>(nameof(AttributesWire.Mode), 60),
            Place<AttributesWire>(nameof(AttributesWire.Device), 76),
            Place<AttributesWire>(nameof(AttributesWire.BlockSize), 80),
            Place<EntryOut>(nameof(EntryOut.EntryNanoseconds), 32),
            Place<EntryOut>(nameof(EntryOut.Attributes), 40),
            Place<AttributesOut>(nameof(AttributesOut.Attributes), 16),
            Place<SetAttributesIn>(nameof(SetAttributesIn.Size), 16),
            Place<SetAttributesIn>(nameof(SetAttributesIn.AccessSeconds), 32),
            Place<SetAttributesIn>(nameof(SetAttributesIn.Mode), 68),
            Place<SetAttributesIn>(nameof(SetAttributesIn.UserId), 76),
            Place<ReleaseIn>(nameof(ReleaseIn.LockOwner), 16),
            Place<FlushIn>(nameof(FlushIn.LockOwner), 16),
            Place<ReadIn>(nameof(ReadIn.Size), 16),
            Place<WriteIn>(nameof(WriteIn.WriteFlags), 20),
            Place<WriteIn>(nameof(WriteIn.Flags), 32),
            Place<StatisticsOut>(nameof(StatisticsOut.BlockSize), 40),
            Place<StatisticsOut>(nameof(StatisticsOut.FragmentSize), 48),
            Place<LockIn>(nameof(LockIn.Lock), 16),
            Place<LockIn>(nameof(LockIn.Flags), 40),
            Place<InitIn>(nameof(InitIn.Flags2), 16),
            Place<InitOut>(nameof(InitOut.BackgroundMax), 16),
            Place<InitOut>(nameof(InitOut.WriteMax), 20),
            Place<InitOut>(nameof(InitOut.PagesMax), 28),
            Place<InitOut>(nameof(InitOut.Flags2), 32),
            Place<AllocateIn>(nameof(AllocateIn.Mode), 24),
            Place<DirectoryRecord>(nameof(DirectoryRecord.NameLength), 16),
            Place<CopyRangeIn>(nameof(CopyRangeIn.Length), 40),
            Place<MessageHeader>(nameof(MessageHeader.Control), 32),
        ];

        Assert.All(places, place => Assert.True(place.Actual == place.Expected, place.Name));
    }

    private static (int Actual, int Expected, string Name) Size<T>(int expected)
        where T : unmanaged => (Unsafe.SizeOf<T>(), expected, typeof(T).Name);

    private static (int Actual, int Expected, string Name) Place<T>(string field, int expected)
        where T : unmanaged => ((int)Marshal.OffsetOf<T>(field), expected, $"{typeof(T).Name}.{field}");
}
