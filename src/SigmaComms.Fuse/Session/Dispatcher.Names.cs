using SigmaComms.Fuse.Files;
using SigmaComms.Fuse.Protocol;
using SigmaComms.Fuse.Protocol.Wire;

namespace SigmaComms.Fuse.Session;

/// <summary>What has a name in it.</summary>
internal sealed partial class Dispatcher
{
    private const int TargetBytesMax = 4095;

    private bool RouteNames(FuseRequest request)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Lookup:
                Lookup(request);
                return true;
            case FuseOpcode.SymbolicLink:
                MakeSymbolicLink(request);
                return true;
            case FuseOpcode.MakeNode:
            case FuseOpcode.MakeDirectory:
                Make(request);
                return true;
            case FuseOpcode.Unlink:
            case FuseOpcode.RemoveDirectory:
                Remove(request);
                return true;
            case FuseOpcode.Rename:
            case FuseOpcode.Rename2:
                Rename(request);
                return true;
            case FuseOpcode.Link:
                Link(request);
                return true;
            case FuseOpcode.Create:
            case FuseOpcode.TemporaryFile:
                Create(request);
                return true;
            default:
                return false;
        }
    }

    private void Lookup(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ReadOnlyMemory<byte> name = options.Findable ? body.NameOrDots() : body.Name();
        if (body.Ends(out Errno error))
        {
            Answer(request, files.LookupAsync(request, request.Node, name), ReplyEncoder.Entry);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void MakeSymbolicLink(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ReadOnlyMemory<byte> name = body.Name();
        ReadOnlyMemory<byte> target = body.Text(TargetBytesMax);
        if (body.Ends(out Errno error))
        {
            Answer(
                request, files.MakeSymbolicLinkAsync(request, request.Node, name, target), ReplyEncoder.Entry);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void Make(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        bool directory = request.Opcode == FuseOpcode.MakeDirectory;
        CreateRequest create;
        if (directory)
        {
            MakeDirectoryIn make = body.Take<MakeDirectoryIn>();
            create = new CreateRequest((make.Mode & NodeMode.PermissionMask) | NodeMode.Directory, make.Mask);
        }
        else
        {
            MakeNodeIn make = body.Take<MakeNodeIn>();
            create = new CreateRequest(make.Mode, make.Mask) { Device = make.Device };
        }

        ReadOnlyMemory<byte> name = body.Name();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        Answer(
            request,
            directory
                ? files.MakeDirectoryAsync(request, request.Node, name, create)
                : files.MakeNodeAsync(request, request.Node, name, create),
            ReplyEncoder.Entry);
    }

    private void Remove(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        ReadOnlyMemory<byte> name = body.Name();
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        Answer(
            request,
            request.Opcode == FuseOpcode.Unlink
                ? files.UnlinkAsync(request, request.Node, name)
                : files.RemoveDirectoryAsync(request, request.Node, name));
    }

    private void Rename(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        Rename2In rename = request.Opcode == FuseOpcode.Rename2
            ? body.Take<Rename2In>()
            : new Rename2In { NewParent = body.Take<RenameIn>().NewParent };
        ReadOnlyMemory<byte> name = body.Name();
        ReadOnlyMemory<byte> newName = body.Name();
        if (body.Ends(out Errno error))
        {
            var flags = unchecked((RenameOptions)rename.Flags);
            var target = new RenameTarget(new NodeId(rename.NewParent), newName, flags);
            Answer(request, files.RenameAsync(request, request.Node, name, target));
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void Link(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        LinkIn link = body.Take<LinkIn>();
        ReadOnlyMemory<byte> name = body.Name();
        if (body.Ends(out Errno error))
        {
            Answer(
                request, files.LinkAsync(request, new NodeId(link.Node), request.Node, name), ReplyEncoder.Entry);
        }
        else
        {
            Refuse(request, error);
        }
    }

    private void Create(FuseRequest request)
    {
        var body = new BodyReader(request.Body);
        CreateIn create = body.Take<CreateIn>();
        bool named = request.Opcode == FuseOpcode.Create;

        // The kernel sends "/" as the name of a file without one.
        ReadOnlyMemory<byte> name = named ? body.Name() : body.Text(BodyReader.NameBytesMax);
        if (!body.Ends(out Errno error))
        {
            Refuse(request, error);
            return;
        }

        var make = new CreateRequest(create.Mode, create.Mask);
        var open = new OpenRequest(create.Flags, (create.OpenFlags & OpenClearsSetIds) != 0);
        Answer(
            request,
            named
                ? files.CreateAsync(request, request.Node, name, make, open)
                : files.CreateUnnamedAsync(request, request.Node, make, open),
            ReplyEncoder.Created);
    }
}
