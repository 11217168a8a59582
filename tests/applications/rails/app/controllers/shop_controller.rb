class ShopController < ActionController::Base
  def index
    VisitWorker.perform_async
  end

  def health
    Visit.connection.execute("SELECT 1")
    render json: {status: "ok"}
  end

  def version
    render json: {release: ENV["RELEASE"], secure: request.ssl?}
  end
end
