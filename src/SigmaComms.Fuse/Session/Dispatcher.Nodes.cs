using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Session;

/// <summary>What is about attributes of nodes.</summary>
internal sealed partial class Dispatcher
{
    private const uint GetByHandle = 1;
    private const int XattrBytesMax = 65536;

    private bool RouteNodes(FuseRequest request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.GetAttributes:
                GetAttributes(request);
                return true;
            case FuseOpcode.SetAttributes:
                SetAttributes(request);
                return true;
            case FuseOpcode.ReadLink:
                ReadLink(request);
                return true;
            case FuseOpcode.Statistics:
                GetStatistics(request);
                return true;
            case FuseOpcode.Access:
                Access(request);
                return true;
            case FuseOpcode.SetXattr:
                SetXattr(request);
                return true;
            case FuseOpcode.GetXattr:
            case FuseOpcode.ListXattr:
                GetXattr(request);
                return true;
            case FuseOpcode.RemoveXattr:
                RemoveXattr(request);
                return true;
            default:
                return false;
        }
    }

    private void GetAttributes(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        GetAttributesIn get = body.Take<GetAttributesIn>();
        if (body.Ends(out Errno error))
        {
            FileHandle? handle = (get.Flags & GetByHandle) != 0 ? new FileHandle(get.Handle) : null;
            Answer(request, files.GetAttributesAsync(request, request.Node, handle), ReplyEncoder.Attributes);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void SetAttributes(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        SetAttributesIn set = body.Take<SetAttributesIn>();
        if (!body.Ends(out Errno error) || !ChangeDecoder.TryDecode(set, out AttributeChange change, out error))
        {
            Refuse(request, error);
            return;
        }

        Answer(request, files.SetAttributesAsync(request, request.Node, change), ReplyEncoder.Attributes);
    }

    private void ReadLink(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        if (body.Ends(out Errno error))
        {
            Answer(
                request,
                files.ReadLinkAsync(request, request.Node, request.Room(TargetBytesMax)),
                ReplyEncoder.RoomUsed);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void GetStatistics(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        if (body.Ends(out Errno error))
        {
            Answer(request, files.GetStatisticsAsync(request, request.Node), ReplyEncoder.Statistics);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void Access(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        AccessIn access = body.Take<AccessIn>();
        if (body.Ends(out Errno error))
        {
            Answer(request, files.AccessAsync(request, request.Node, access.Mask));
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void SetXattr(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        SetXattrIn set = default;
        if (_longXattr)
        {
            set = body.Take<SetXattrIn>();
        }
        else
        {
            // The short form has the first two fields only, which are those of another structure.
            GetXattrIn first = body.Take<GetXattrIn>();
            (set.Size, set.Flags) = (first.Size, first.Padding);
        }

        var name = new XattrName(body.Text(BodyReader.NameBytesMax));
        ReadOnlyMemory<byte> value = body.Bytes(set.Size);
        if (set.Size > XattrBytesMax)
        {
            body.Fail(Errno.Invalid);
        }

        if (body.Ends(out Errno error))
        {
            var flags = unchecked((XattrOptions)set.Flags);
            Answer(request, files.SetXattrAsync(request, request.Node, name, value, flags));
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void GetXattr(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        GetXattrIn get = body.Take<GetXattrIn>();
        bool list = request.Opcode == FuseOpcode.ListXattr;
        var name = new XattrName(list ? default : body.Text(BodyReader.NameBytesMax));
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        Memory<byte> room = request.Room((int)Math.Min(get.Size, XattrBytesMax));
        Answer(
            request,
            list
                ? files.ListXattrsAsync(request, request.Node, room)
                : files.GetXattrAsync(request, request.Node, name, room),
            get.Size == 0 ? ReplyEncoder.XattrSize : ReplyEncoder.ValueFits);
    }

    private void RemoveXattr(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        var name = new XattrName(body.Text(BodyReader.NameBytesMax));
        if (body.Ends(out Errno error))
        {
            Answer(request, files.RemoveXattrAsync(request, request.Node, name));
        }
        else
        {
            Refuse(request, error);
        }
    }
}
